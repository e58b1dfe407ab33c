/** The contract of a candidate: a server that delivers messages to rooms of sockets. */

/** What clients of all candidates connect to. */
export const PATH = '/socket.io/'

export interface Candidate {
  /** Listens on a free port of loopback, which it returns. The sockets that come are seated in the order of their coming. */
  start(seats: readonly (readonly number[])[]): Promise<number>
  /** Sockets that have their seats. */
  seated(): number
  say(room: number, message: object): void
}
