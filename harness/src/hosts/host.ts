/** A host that a node has to itself: a network namespace with two cards, whose cables can be pulled. */
import { readFileSync } from 'node:fs'
import { addressOf, CARDS, type Card } from './addresses.ts'
import {
  type Ground,
  type HostName,
  namespaceOf,
  pluggingOf,
  portOf,
  pullingOf,
} from './commands.ts'
import { droppedOf, losingOf, removalOf, showingOf, tableOf } from './loss.ts'
import { type BadNetwork, lostOf, mending, worsening } from './netem.ts'
import { findTool, run, runBatch } from './tool.ts'

export class Host {
  readonly name: string
  /** Where clients find what runs there. */
  readonly address: string
  /** What starts a process there, before the command itself. */
  readonly command: readonly string[]
  readonly #ground: Ground
  readonly #number: number
  readonly #pulled = new Set<Card>()

  constructor(ground: Ground, { name, number }: HostName) {
    this.name = name
    this.address = addressOf(ground.block, 'front', number)
    this.#ground = ground
    this.#number = number
    this.command = [findTool('ip')?.path ?? 'ip', 'netns', 'exec', namespaceOf(ground, name)]
  }

  /** Whether clients can reach it. */
  get isReachable(): boolean {
    return !this.#pulled.has('front')
  }

  /** Nothing passes from now on, and nobody is told. All cards unless given. */
  pull(cards: readonly Card[] = CARDS): void {
    for (const card of cards) this.#pulled.add(card)
    runBatch(pullingOf(this.#ground, this.#number, cards))
  }

  plug(cards: readonly Card[] = CARDS): void {
    runBatch(pluggingOf(this.#ground, this.#number, cards))
    for (const card of cards) this.#pulled.delete(card)
  }

  /** Both ends of both cables. Throws where the kernel cannot. */
  worsen(bad: BadNetwork): void {
    for (const end of this.#ends()) run('tc', [...end.where, ...worsening(end.link, bad)])
  }

  mend(): void {
    for (const end of this.#ends()) run('tc', [...end.where, ...mending(end.link)])
  }

  /** Packets that the bad network has lost so far. */
  lost(): number {
    const shown = this.#ends().map(({ where, link }) =>
      run('tc', [...where, '-json', '-s', 'qdisc', 'show', 'dev', link]),
    )
    return shown.reduce((sum, text) => sum + lostOf(text), 0)
  }

  /** So many percent of what arrives at both ends of both cables. Throws where the kernel or `nft` cannot. */
  lose(percent: number): void {
    for (const { filter, links } of this.#sides()) {
      filter(['-f', '-'], losingOf(this.#table, links, percent))
    }
  }

  /** Returns how many packets were lost. */
  loseNoMore(): number {
    const lost = this.#sides().map(({ filter }) => {
      const shown = filter(showingOf(this.#table))
      filter(['-f', '-'], removalOf(this.#table))
      return droppedOf(shown)
    })
    return lost.reduce((sum, each) => sum + each, 0)
  }

  get #table(): string {
    return tableOf(this.#ground.pid, this.#number)
  }

  /** The host itself, and the switches. */
  #sides() {
    const nft = findTool('nft')?.path ?? 'nft'
    const inside = ['netns', 'exec', namespaceOf(this.#ground, this.name), nft]
    return [
      {
        links: CARDS,
        filter: (args: readonly string[], input?: string) => run('ip', [...inside, ...args], input),
      },
      {
        links: CARDS.map((card) => portOf(this.#ground, card, this.#number)),
        filter: (args: readonly string[], input?: string) => run('nft', args, input),
      },
    ]
  }

  #ends(): { readonly where: readonly string[]; readonly link: string }[] {
    const inside = ['-netns', namespaceOf(this.#ground, this.name)]
    return CARDS.flatMap((card) => [
      { where: inside, link: card },
      { where: [], link: portOf(this.#ground, card, this.#number) },
    ])
  }
}

/** Segments that the kernel of a process's host sent once more, because nobody acknowledged them. */
export function sentAgain(pid: number): number {
  return countOf(readFileSync(`/proc/${pid}/net/snmp`, 'utf8'), 'Tcp', 'RetransSegs')
}

/** A count of the kernel's table, which has a line of names and a line of values for each protocol. Pure. */
export function countOf(table: string, protocol: string, name: string): number {
  const [names = [], values = []] = table
    .split('\n')
    .filter((line) => line.startsWith(`${protocol}:`))
    .map((line) => line.split(' '))
  return Number(values[names.indexOf(name)] ?? Number.NaN)
}
