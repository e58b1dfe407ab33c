/** Which addresses the hosts of a stage have. Pure. */

/** A host has two network cards, as servers often do: `front` is where clients and the other nodes find it, `back` is where it finds the broker. */
export const CARDS = ['front', 'back'] as const
export type Card = (typeof CARDS)[number]

/** Addresses as numbers, both ends included. */
export interface Range {
  readonly from: number
  readonly to: number
}

/** Of one stage: 1 to 100. The machine itself is the host 0. */
export const HOSTS_MAX = 100

/** Networks that are set apart for measuring devices, and that no network in earnest has (RFC 2544): 198.18.0.0/15, in blocks of 256 addresses. */
const BLOCKS = 512
const FIRST_BLOCK = numberOf('198.18.0.0')
const BLOCK = 256
/** Longer ones are networks; shorter ones are ways to everywhere. */
const PREFIX_BITS_MIN = 8

/** What this machine has ways to already, of `ip -json route show table all`. */
export function takenBy(routes: string): Range[] {
  const rows = JSON.parse(routes) as readonly { readonly dst?: string }[]
  return rows.flatMap(({ dst = '' }) => {
    const [, address, bits = '32'] = /^([\d.]+)(?:\/(\d+))?$/.exec(dst) ?? []
    if (address === undefined || Number(bits) < PREFIX_BITS_MIN) return []
    const from = numberOf(address)
    return [{ from, to: from + 2 ** (32 - Number(bits)) - 1 }]
  })
}

/** The first block from the nth on that nothing else overlaps, by its first three numbers: '198.18.7'. Throws where all are taken. */
export function freeBlock(taken: readonly Range[], nth: number): string {
  for (let tried = 0; tried < BLOCKS; tried++) {
    const from = FIRST_BLOCK + ((nth + tried) % BLOCKS) * BLOCK
    const isTaken = taken.some((range) => range.from < from + BLOCK && range.to >= from)
    if (!isTaken) return textOf(from).split('.').slice(0, 3).join('.')
  }
  throw new Error('all addresses of 198.18.0.0/15 are taken')
}

/** Each card is in a network of its own, one half of the block. */
export const PREFIX_BITS = 25

export function addressOf(block: string, card: Card, host: number): string {
  if (host > HOSTS_MAX) throw new Error(`a stage has ${HOSTS_MAX} hosts at most`)
  return `${block}.${(card === 'front' ? 0 : BLOCK / 2) + 1 + host}`
}

/** A hardware address that is nobody else's, because nobody else has the address that it is made of. */
export function hardwareOf(address: string): string {
  const bytes = address.split('.').map((part) => Number(part).toString(16).padStart(2, '0'))
  return ['02', '6d', ...bytes].join(':')
}

function numberOf(address: string): number {
  return address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0)
}

function textOf(address: number): string {
  return [24, 16, 8, 0].map((bits) => Math.floor(address / 2 ** bits) % 256).join('.')
}
