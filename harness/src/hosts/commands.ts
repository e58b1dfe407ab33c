/**
 * What `ip` and `tc` are told. Pure.
 *
 * Each card of each host is one end of a veth; the other end is a port of the switch that its network has, a bridge of the machine's own. Whoever pulls a cable takes the
 * port down: the host keeps its card, address and routes, and what it sends goes nowhere. Everybody knows everybody's hardware address for good, because a host
 * whose neighbour does not answer would soon be told by its own kernel that there is no way, and a host that vanished behind a router is not.
 */
import { addressOf, CARDS, type Card, hardwareOf, PREFIX_BITS } from './addresses.ts'

/** Lines for `ip -batch`. */
export interface Batch {
  /** In which namespace; undefined: the machine's own. */
  readonly inside?: string
  readonly lines: readonly string[]
}

/** Where the hosts of one process are. Names carry its pid, so that nobody takes them for another's, and have 15 characters at most where they are of links. */
export interface Ground {
  readonly pid: number
  /** '198.18.7' */
  readonly block: string
}

export interface HostName {
  readonly name: string
  /** From 1 on. */
  readonly number: number
}

export const switchOf = ({ pid }: Ground, card: Card): string => `md${pid}${card[0]}`

export const portOf = (ground: Ground, card: Card, number: number): string =>
  `${switchOf(ground, card)}${number}`

export const namespaceOf = ({ pid }: Ground, name: string): string => `madang-${pid}-${name}`

/** The switches, on which the machine itself has an address, too. */
export function openingOf(ground: Ground): Batch {
  const lines = CARDS.flatMap((card) => {
    const [name, address] = [switchOf(ground, card), addressOf(ground.block, card, 0)]
    return [
      `link add ${name} address ${hardwareOf(address)} type bridge`,
      `addr add ${address}/${PREFIX_BITS} dev ${name}`,
      `link set ${name} up`,
    ]
  })
  return { lines }
}

/** One host more, in a namespace that is there. `others`: those that are there already. */
export function addingOf(ground: Ground, host: HostName, others: readonly HostName[]): Batch[] {
  const inside = namespaceOf(ground, host.name)
  const outer = CARDS.flatMap((card) => {
    const port = portOf(ground, card, host.number)
    const hardware = hardwareOf(addressOf(ground.block, card, host.number))
    return [
      `link add ${port} type veth peer name ${card} address ${hardware} netns ${inside}`,
      `link set ${port} master ${switchOf(ground, card)} up`,
      knowing(ground, card, host.number, switchOf(ground, card)),
    ]
  })
  const inner = CARDS.flatMap((card) => [
    `addr add ${addressOf(ground.block, card, host.number)}/${PREFIX_BITS} dev ${card}`,
    `link set ${card} up`,
    ...[0, ...others.map(({ number }) => number)].map((each) => knowing(ground, card, each, card)),
  ])
  const introductions = others.map((other) => ({
    inside: namespaceOf(ground, other.name),
    lines: CARDS.map((card) => knowing(ground, card, host.number, card)),
  }))
  return [{ lines: outer }, { inside, lines: ['link set lo up', ...inner] }, ...introductions]
}

/** Everything but the namespaces. A line may fail whose link was never made. */
export function closingOf(ground: Ground, hosts: readonly HostName[]): Batch {
  const ports = hosts.flatMap(({ number }) => CARDS.map((card) => portOf(ground, card, number)))
  const switches = CARDS.map((card) => switchOf(ground, card))
  return { lines: [...ports, ...switches].map((link) => `link del ${link}`) }
}

export function pullingOf(ground: Ground, number: number, cards: readonly Card[]): Batch {
  return { lines: cards.map((card) => `link set ${portOf(ground, card, number)} down`) }
}

export function pluggingOf(ground: Ground, number: number, cards: readonly Card[]): Batch {
  return { lines: cards.map((card) => `link set ${portOf(ground, card, number)} up`) }
}

function knowing({ block }: Ground, card: Card, number: number, link: string): string {
  const address = addressOf(block, card, number)
  return `neigh replace ${address} lladdr ${hardwareOf(address)} nud permanent dev ${link}`
}
