/** Whom an emit to one room, or to everybody, is written to: remembered until somebody comes or goes, so that an emit need not look each of them up. */
import type { Port } from '../delivery/writer.ts'

export class PortLists {
  readonly #rooms = new Map<string, readonly Port[]>()
  #everybody: readonly Port[] | undefined

  get everybody(): readonly Port[] | undefined {
    return this.#everybody
  }

  room(room: string): readonly Port[] | undefined {
    return this.#rooms.get(room)
  }

  /** `members`: how many there are by the adapter's tables. One who is still connecting is missing from the list, which then is of no use later. */
  keepRoom(room: string, ports: readonly Port[], members: number): void {
    // Most rooms of one are a socket's own, and there are as many as sockets.
    if (ports.length === members && members > 1) this.#rooms.set(room, ports)
  }

  keepEverybody(ports: readonly Port[], members: number): void {
    if (ports.length === members) this.#everybody = ports
  }

  changed(rooms: Iterable<string>): void {
    for (const room of rooms) this.#rooms.delete(room)
  }

  cameOrWent(): void {
    this.#everybody = undefined
  }
}
