/**
 * Hands a request or an upgrade whose session is at another node to that node, and its answer back. The session was begun by a request that its own node
 * judged, so what limits and admission know of the client is that node's; here bytes pass through, within bounds, and nothing of them is kept.
 */
import { Agent, request as ask, type IncomingMessage, type ServerResponse } from 'node:http'
import { connect, type Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { errorBody } from '@madang/protocol'
import type { Clock } from '../../clock.ts'
import { type Place, readAddress } from '../nodes/address.ts'
import { refuse } from './refusals.ts'

export const HAND_OVER_LIMITS = {
  /** Requests and websockets of other nodes that pass through here at a time. */
  handOversMax: 10_000,
  /** Until the other node takes the connection, in ms. */
  connectMsMax: 2_000,
  /** Until it begins to answer, in ms: long-polling is answered within a ping interval, 25 s. */
  answerMsMax: 50_000,
  /** A connection that is kept for the next request, in ms: less than the other side keeps it. */
  idleMsMax: 30_000,
  /** Connections that are kept for each node. */
  idleMax: 64,
} as const

/** What one node shows another: the secret that it read of it in the store. */
export const SECRET_HEADER = 'x-madang-secret'

/** What became of one. `unknown`: no such node, or none that answers. */
export type HandOverOutcome = 'request' | 'upgrade' | 'unknown' | 'busy'

export interface HandOverOptions {
  /** This node. */
  readonly node: string
  readonly clock: Clock
  /** From 0 up to 1. */
  readonly random: () => number
  /** Undefined where no such node is known. Must not reject. */
  readonly find: (
    node: string,
  ) => Promise<{ readonly address: string; readonly secret: string } | undefined>
  /** Must not throw. */
  readonly onOutcome?: (outcome: HandOverOutcome) => void
}

/** Concerns one connection alone, and never the way through us. RFC 9110, section 7.6.1. */
const HOP_BY_HOP = new Set([
  ...['connection', 'keep-alive', 'proxy-connection', 'te', 'trailer', 'transfer-encoding'],
  ...['upgrade', 'expect', SECRET_HEADER],
])
const NODE_OF_SID = /^([a-z0-9-]{1,64})\./

interface Target extends Place {
  readonly secret: string
}

export class HandOver {
  readonly #options: HandOverOptions
  readonly #agent = new Agent({
    keepAlive: true,
    maxFreeSockets: HAND_OVER_LIMITS.idleMax,
    scheduling: 'lifo',
  })
  readonly #pipes = new Set<Duplex>()
  #open = 0
  #isDraining = false

  constructor(options: HandOverOptions) {
    this.#options = options
    this.#agent.on('free', (socket: Socket) => socket.setTimeout(HAND_OVER_LIMITS.idleMsMax))
  }

  /** How many pass through now. */
  get size(): number {
    return this.#open
  }

  /** The other node whose session this is; undefined where it is ours or nobody's. */
  ownerOf(sid: string | undefined): string | undefined {
    const owner = NODE_OF_SID.exec(sid ?? '')?.[1]
    return owner === this.#options.node ? undefined : owner
  }

  /** `unknown` answers as for a session that never was; called at most once, and before anything else was answered. */
  async request(
    owner: string,
    request: IncomingMessage,
    response: ServerResponse,
    unknown: () => void,
  ): Promise<void> {
    if (this.#isFull) {
      this.#tell('busy')
      refuse({ request, response }, errorBody('busy', { limit: 'handOversMax' }))
      return
    }
    this.#open++
    response.once('close', () => this.#open--)
    const target = await this.#find(owner)
    if (response.destroyed) return
    if (target === undefined) this.#unknown(unknown)
    else this.#pass(target, request, response, unknown)
  }

  /** The same for an upgrade, whose socket is joined to one of the other node. */
  async upgrade(
    owner: string,
    request: IncomingMessage,
    socket: Duplex,
    head: Buffer,
    unknown: () => void,
  ): Promise<void> {
    if (this.#isFull || this.#isDraining) {
      this.#tell('busy')
      const error = this.#isDraining ? 'draining' : 'busy'
      refuse({ request, socket }, errorBody(error))
      return
    }
    this.#open++
    socket.once('close', () => this.#open--)
    const target = await this.#find(owner)
    if (socket.destroyed) return
    if (target === undefined) this.#unknown(unknown)
    else this.#join(target, request, socket, head, unknown)
  }

  /** Lets websockets go one by one within the window: their clients come back at another node. */
  drain(windowMs: number): void {
    this.#isDraining = true
    const { clock, random } = this.#options
    for (const socket of this.#pipes) {
      const timer = clock.after(windowMs * random(), () => socket.destroy())
      socket.once('close', () => timer.cancel())
    }
  }

  stop(): void {
    this.#isDraining = true
    for (const socket of this.#pipes) socket.destroy()
    this.#agent.destroy()
  }

  get #isFull(): boolean {
    return this.#open >= HAND_OVER_LIMITS.handOversMax
  }

  async #find(owner: string): Promise<Target | undefined> {
    const found = await this.#options.find(owner)
    const place = found && readAddress(found.address)
    return place && { ...place, secret: found.secret }
  }

  #pass(
    target: Target,
    request: IncomingMessage,
    response: ServerResponse,
    unknown: () => void,
  ): void {
    const asked = ask({
      agent: this.#agent,
      host: target.host,
      port: target.port,
      method: request.method,
      path: request.url,
      setHost: false,
      headers: [...endToEnd(request.rawHeaders), SECRET_HEADER, target.secret],
    })
    this.#boundConnect(asked)
    const late = this.#options.clock.after(HAND_OVER_LIMITS.answerMsMax, () => asked.destroy())
    response.once('close', () => {
      late.cancel()
      asked.destroy()
    })
    asked.once('response', (answer) => {
      late.cancel()
      // Only a node that does not know our secret says so: it is another process than the one that was asked for.
      if (answer.statusCode === 404) {
        answer.resume()
        this.#unknown(unknown)
        return
      }
      this.#tell('request')
      response.writeHead(answer.statusCode ?? 502, endToEnd(answer.rawHeaders))
      answer.once('error', () => response.destroy())
      answer.pipe(response)
    })
    asked.on('error', () => {
      if (response.headersSent || response.destroyed) return
      request.unpipe(asked)
      this.#unknown(unknown)
    })
    request.pipe(asked)
  }

  #boundConnect(asked: ReturnType<typeof ask>): void {
    asked.once('socket', (socket) => {
      socket.setTimeout(0)
      if (!socket.connecting) return
      const late = this.#options.clock.after(HAND_OVER_LIMITS.connectMsMax, () => asked.destroy())
      socket.once('connect', () => late.cancel())
      asked.once('close', () => late.cancel())
    })
  }

  #join(
    target: Target,
    request: IncomingMessage,
    socket: Duplex,
    head: Buffer,
    unknown: () => void,
  ): void {
    const peer = connect({ host: target.host, port: target.port, noDelay: true, keepAlive: true })
    const late = this.#options.clock.after(HAND_OVER_LIMITS.connectMsMax, () => peer.destroy())
    let isJoined = false
    peer.on('error', () => {})
    peer.once('connect', () => {
      isJoined = true
      late.cancel()
      this.#tell('upgrade')
      this.#pipes.add(socket)
      peer.write(upgradeHead(request, target.secret))
      if (head.length > 0) peer.write(head)
      socket.pipe(peer).pipe(socket)
    })
    peer.once('close', () => {
      late.cancel()
      if (isJoined || socket.destroyed) socket.destroy()
      else this.#unknown(unknown)
    })
    socket.once('close', () => {
      this.#pipes.delete(socket)
      peer.destroy()
    })
  }

  #unknown(unknown: () => void): void {
    this.#tell('unknown')
    unknown()
  }

  #tell(outcome: HandOverOutcome): void {
    this.#options.onOutcome?.(outcome)
  }
}

/** Names and values in turn, as Node has them raw. */
function endToEnd(raw: readonly string[]): string[] {
  const kept: string[] = []
  for (let at = 0; at + 1 < raw.length; at += 2) {
    const [name = '', value = ''] = [raw[at], raw[at + 1]]
    if (!HOP_BY_HOP.has(name.toLowerCase())) kept.push(name, value)
  }
  return kept
}

/** An upgrade keeps all of its headers: they are what it is about. What Node's parser let in holds no line end. */
function upgradeHead({ url = '', rawHeaders }: IncomingMessage, secret: string): string {
  const lines = [`GET ${url} HTTP/1.1`]
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) {
    const [name = '', value = ''] = [rawHeaders[at], rawHeaders[at + 1]]
    if (name.toLowerCase() !== SECRET_HEADER) lines.push(`${name}: ${value}`)
  }
  return `${[...lines, `${SECRET_HEADER}: ${secret}`].join('\r\n')}\r\n\r\n`
}
