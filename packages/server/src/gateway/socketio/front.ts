/** Stands before engine.io on the HTTP server: lets in, or refuses at the least cost, every request of the socket path. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import { type ErrorBody, errorBody } from '@madang/protocol'
import { clientAddress } from '../../doors/addresses.ts'
import { judgeOrigin } from '../../doors/origins.ts'
import { Turns } from '../turns.ts'
import type { BackDoor } from './back-door.ts'
import { BOUNDS } from './bounds.ts'
import type { HandOver } from './hand-over.ts'
import { allowOrigin, answerPreflight, type Exchange, refuse } from './refusals.ts'

export interface FrontOptions {
  readonly server: Server
  /** With a slash at its end. */
  readonly path: string
  /** Origins that may connect beside the server's own, exactly as browsers send them. */
  readonly origins: readonly string[]
  /** Proxies in front of us that append to `X-Forwarded-For`. */
  readonly trustProxies: number
  /** Asked for every request without a session id. */
  readonly knock: (address: string) => ErrorBody | undefined
  /** Whether the request may use the session id that it names. */
  readonly owns: (sid: string, request: IncomingMessage) => boolean
  /** The way to the other nodes, and where they hand over to this one. */
  readonly handOver?: HandOver | undefined
  readonly backDoor?: BackDoor | undefined
}

type RequestListener = (request: IncomingMessage, response: ServerResponse) => void

/**
 * Passes what it lets in to `inner`, a server that never listens and that engine.io is attached to: so a refusal has any status we like, every request is checked
 * (engine.io asks `allowRequest` for the first one only), and the real server can be given back as it was.
 */
export class Front {
  readonly inner: Server = createServer()
  readonly #options: FrontOptions
  readonly #turns = new Turns({
    perTurn: BOUNDS.newcomersPerTurn,
    defer: (run) => void setImmediate(run),
  })
  #others: RequestListener[] = []

  constructor(options: FrontOptions) {
    this.#options = options
  }

  /** Takes the server's present request listeners behind itself. */
  start(): void {
    const { server } = this.#options
    this.#others = server.listeners('request').map((listener) => listener as RequestListener)
    server.removeAllListeners('request')
    server.on('request', this.#onRequest)
    server.on('upgrade', this.#onUpgrade)
    this.#options.backDoor?.serve({ handed: this.#onHanded, handedUpgrade: this.#onHandedUpgrade })
  }

  stop(): void {
    const { server } = this.#options
    server.off('request', this.#onRequest)
    server.off('upgrade', this.#onUpgrade)
    for (const listener of this.#others.splice(0)) server.on('request', listener)
    this.#options.backDoor?.serve(undefined)
    this.#options.handOver?.stop()
    this.inner.removeAllListeners()
  }

  readonly #onRequest = (request: IncomingMessage, response: ServerResponse): void => {
    if (!this.#isOurs(request)) {
      for (const listener of this.#others) listener.call(this.#options.server, request, response)
      return
    }
    this.#inTurn(request, () => {
      if (!this.#letIn({ request, response })) return
      if (request.method === 'OPTIONS') answerPreflight(response)
      else this.#route(request, response)
    })
  }

  readonly #onUpgrade = (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
    // A client that resets the connection now must not take the process with it.
    socket.on('error', () => socket.destroy())
    if (this.#isOurs(request)) {
      this.#inTurn(request, () => {
        if (this.#letIn({ request, socket })) this.#routeUpgrade(request, socket, head)
      })
    } else if (this.#options.server.listenerCount('upgrade') === 1) {
      refuse({ request, socket }, errorBody('not_found'))
    }
  }

  /** Thousands of newcomers may have come since the last turn; whoever has a session goes before them. */
  #inTurn(request: IncomingMessage, go: () => void): void {
    const wait = isSession(request) ? undefined : this.#turns.take()
    if (wait === undefined) go()
    else void wait.then(() => request.socket.destroyed || go())
  }

  /** To engine.io, or to the node whose session it is. */
  #route(request: IncomingMessage, response: ServerResponse): void {
    const { handOver } = this.#options
    const owner = handOver?.ownerOf(queryOf(request).sid)
    const here = () => void this.inner.emit('request', request, response)
    if (handOver === undefined || owner === undefined) here()
    else void handOver.request(owner, request, response, here)
  }

  #routeUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const { handOver } = this.#options
    const owner = handOver?.ownerOf(queryOf(request).sid)
    const here = () => void this.inner.emit('upgrade', request, socket, head)
    if (handOver === undefined || owner === undefined) here()
    else void handOver.upgrade(owner, request, socket, head, here)
  }

  /** What another node hands over stays here, whatever it is: a session that is not here is unknown. */
  readonly #onHanded = (request: IncomingMessage, response: ServerResponse): void => {
    if (this.#takesHanded({ request, response })) this.inner.emit('request', request, response)
  }

  readonly #onHandedUpgrade = (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
    if (this.#takesHanded({ request, socket })) this.inner.emit('upgrade', request, socket, head)
  }

  #takesHanded(exchange: Exchange): boolean {
    const { request } = exchange
    if (this.#isOurs(request) && isSession(request) && request.method !== 'OPTIONS')
      return this.#letIn(exchange)
    refuse(exchange, errorBody('not_found'))
    return false
  }

  #isOurs(request: IncomingMessage): boolean {
    const url = request.url ?? ''
    const end = url.indexOf('?')
    return (end === -1 ? url : url.slice(0, end)) === this.#options.path
  }

  #letIn(exchange: Exchange): boolean {
    const error = this.#refusal(exchange)
    if (error !== undefined) refuse(exchange, error)
    return error === undefined
  }

  #refusal(exchange: Exchange): ErrorBody | undefined {
    const { request } = exchange
    const { origin } = request.headers
    if (judgeOrigin({ origin, host: this.#hostOf(request) }, this.#options.origins) === 'refused') {
      return errorBody('origin_refused')
    }
    if (origin !== undefined && 'response' in exchange) allowOrigin(exchange.response, origin)
    if (request.method === 'OPTIONS') return undefined
    if (!isSession(request)) return this.#options.knock(this.addressOf(request))
    const query = queryOf(request)
    if (!this.#options.owns(query.sid ?? '', request)) query.sid = NOBODYS
    return undefined
  }

  /** What the client took this server's name to be: a trusted proxy may have asked us under another. */
  #hostOf({ headers }: IncomingMessage): string | undefined {
    const forwarded = this.#options.trustProxies > 0 ? headers['x-forwarded-host'] : undefined
    return forwarded === undefined ? headers.host : String(forwarded).split(',').at(-1)?.trim()
  }

  addressOf(request: IncomingMessage): string {
    const forwarded = request.headers['x-forwarded-for']
    const remote = request.socket.remoteAddress ?? ''
    return clientAddress(remote, forwarded, this.#options.trustProxies)
  }
}

interface Query {
  sid?: string
}

/** Whether it names a session, be it one that is not there. */
const isSession = (request: IncomingMessage): boolean => (queryOf(request).sid ?? '') !== ''

/** A session id that engine.io does not know: a stolen one is answered like one that never was. */
const NOBODYS = '-'

/** Parsed once, and left where engine.io looks for it: both must see the same session id where it is named twice. */
function queryOf(request: IncomingMessage): Query {
  const parsed: Query | undefined = Reflect.get(request, '_query')
  if (parsed !== undefined) return parsed
  const { url = '' } = request
  const at = url.indexOf('?')
  const pairs = new URLSearchParams(at === -1 ? '' : url.slice(at + 1))
  const query: Query = Object.assign(Object.create(null), Object.fromEntries(pairs))
  Reflect.set(request, '_query', query)
  return query
}
