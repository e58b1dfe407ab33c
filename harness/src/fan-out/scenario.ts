/** What the candidates are put through: layouts of sockets and rooms, and rates of messages. */

export interface Layout {
  readonly name: string
  readonly sockets: number
  readonly rooms: number
  readonly roomsPerSocket: number
}

export interface Speed {
  /** Messages a second, spread evenly over the layout's rooms. */
  readonly rate: number
  readonly seconds: number
}

export interface Scenario extends Speed {
  readonly layout: Layout
}

export interface Programme {
  readonly layouts: readonly Layout[]
  readonly rates: readonly Speed[]
  /** How often each scenario is run with each candidate, in turns; the median counts. */
  readonly rounds: number
  readonly idleConnections: number
  /** Not measured: slow and fast messages go different ways, and both are compiled before anything counts. */
  readonly warmUp: readonly Speed[]
}

/** About eight minutes in all. Where there are more messages fewer seconds tell as much; where there are few, what a process does anyway would be counted as theirs. */
export const full: Programme = {
  layouts: [
    { name: 'one room of 1,000', sockets: 1_000, rooms: 1, roomsPerSocket: 1 },
    { name: '100 rooms of 10', sockets: 1_000, rooms: 100, roomsPerSocket: 1 },
    { name: '1,000 sockets in 20 of 100 rooms', sockets: 1_000, rooms: 100, roomsPerSocket: 20 },
  ],
  rates: [
    { rate: 1, seconds: 8 },
    { rate: 10, seconds: 3 },
    { rate: 100, seconds: 4 },
    { rate: 500, seconds: 1.5 },
  ],
  rounds: 3,
  idleConnections: 2_000,
  warmUp: [
    { rate: 100, seconds: 1 },
    { rate: 10, seconds: 1 },
    { rate: 500, seconds: 0.5 },
  ],
}

/** Whether it works at all. */
export const quick: Programme = {
  layouts: [
    { name: 'one room of 20', sockets: 20, rooms: 1, roomsPerSocket: 1 },
    { name: '20 sockets in 2 of 4 rooms', sockets: 20, rooms: 4, roomsPerSocket: 2 },
  ],
  rates: [{ rate: 50, seconds: 1 }],
  rounds: 1,
  idleConnections: 20,
  warmUp: [{ rate: 20, seconds: 0.5 }],
}

export const membersOf = ({ sockets, rooms, roomsPerSocket }: Layout): number =>
  (sockets * roomsPerSocket) / rooms

export const messagesOf = ({ rate, seconds }: Speed): number => Math.ceil(rate * seconds)

/** Each socket's rooms: every room has the same number of members, and hardly two sockets have the same rooms where they have several. */
export function seating({ sockets, rooms, roomsPerSocket }: Layout): number[][] {
  const random = lehmer(7)
  const dealt: number[] = []
  while (dealt.length < sockets * roomsPerSocket) dealt.push(...shuffled(rooms, random))
  return Array.from({ length: sockets }, (_, i) =>
    dealt.slice(i * roomsPerSocket, (i + 1) * roomsPerSocket),
  )
}

function shuffled(count: number, random: () => number): number[] {
  const list = Array.from({ length: count }, (_, i) => i)
  for (let i = count - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1))
    ;[list[i], list[j]] = [list[j] ?? 0, list[i] ?? 0]
  }
  return list
}

/** Lehmer's generator with the multiplier of Park and Miller (1988): the same seating in every run. */
function lehmer(seed: number): () => number {
  let state = seed
  return () => {
    state = (state * 48_271) % 2_147_483_647
    return state / 2_147_483_647
  }
}
