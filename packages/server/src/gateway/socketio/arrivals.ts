/** Knows every engine connection from its first request on: whose it is, and how many there are. */
import type { IncomingMessage } from 'node:http'

import { addressKey } from '../../doors/addresses.ts'
import { cookieValue } from '../cookies.ts'
import { type EngineSocket, sidOf } from './engine.ts'

interface Arrival {
  readonly conn: EngineSocket
  readonly address: string
  readonly agent: string | undefined
  /** The session cookie that the first request carried. */
  readonly cookie: string | undefined
}

export class Arrivals {
  readonly #cookieName: string | undefined
  readonly #bySid = new Map<string, Arrival>()
  readonly #byAddress = new Map<string, number>()

  constructor(cookieName: string | undefined) {
    this.#cookieName = cookieName
  }

  get count(): number {
    return this.#bySid.size
  }

  all(): readonly EngineSocket[] {
    return [...this.#bySid.values()].map(({ conn }) => conn)
  }

  countFrom(address: string): number {
    return this.#byAddress.get(addressKey(address)) ?? 0
  }

  add(conn: EngineSocket, address: string): void {
    const { headers } = conn.request
    this.#bySid.set(sidOf(conn), {
      conn,
      address,
      agent: headers['user-agent'],
      cookie: this.#cookieOf(conn.request),
    })
    this.#tally(addressKey(address), 1)
  }

  remove(conn: EngineSocket): void {
    const arrival = this.#bySid.get(sidOf(conn))
    if (arrival === undefined) return
    this.#bySid.delete(sidOf(conn))
    this.#tally(addressKey(arrival.address), -1)
  }

  addressOf(conn: EngineSocket): string {
    return this.#bySid.get(sidOf(conn))?.address ?? ''
  }

  /**
   * Whether a request may go on with a session id. Whoever has the id has the session, as engine.io sees it: so a websocket's id is good for nothing (only
   * long-polling sends it again), and long-polling must go on with the cookie and the browser that it began with. Not the address: mobile networks and
   * large proxies change it between requests. An upgrade may come without the browser's name. Unknown ids are left to engine.io.
   */
  owns(sid: string, request: IncomingMessage): boolean {
    const arrival = this.#bySid.get(sid)
    if (arrival === undefined) return true
    if (arrival.conn.transport.name !== 'polling') return false
    if (arrival.cookie !== undefined && arrival.cookie !== this.#cookieOf(request)) return false
    return request.headers.upgrade !== undefined || arrival.agent === request.headers['user-agent']
  }

  #cookieOf(request: IncomingMessage): string | undefined {
    return this.#cookieName === undefined
      ? undefined
      : cookieValue(request.headers.cookie, this.#cookieName)
  }

  #tally(key: string, by: number): void {
    const count = (this.#byAddress.get(key) ?? 0) + by
    if (count > 0) this.#byAddress.set(key, count)
    else this.#byAddress.delete(key)
  }
}
