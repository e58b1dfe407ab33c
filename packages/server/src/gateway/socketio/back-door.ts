/** Where a node takes what other nodes hand to it: requests of the socket path with one of its own session ids, from who shows its secret, and nothing else. */
import { timingSafeEqual } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import { errorBody } from '@madang/protocol'
import { type Place, writeAddress } from '../nodes/address.ts'
import { SECRET_HEADER } from './hand-over.ts'
import { refuse } from './refusals.ts'

export interface BackDoorListener {
  handed(request: IncomingMessage, response: ServerResponse): void
  handedUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void
}

/** Answers what other nodes ask for their operators. Must not reject. */
export type AnswerNode = (
  path: string,
  body: string,
) => Promise<{ readonly status: number; readonly body: string }>

/** Begins the paths of what concerns operators. */
const OPS = '/ops/'

/** More than the front's own bounds, since one header comes on top; connections are kept longer than the other side keeps them. */
const BOUNDS = {
  headerBytesMax: 20_480,
  headersMsMax: 10_000,
  requestMsMax: 30_000,
  keepAliveMsMax: 65_000,
  checkIntervalMs: 5_000,
  /** Of what is asked for operators: a name and an id. */
  opsBytesMax: 1_024,
} as const

export class BackDoor {
  readonly #secret: Buffer
  readonly #server: Server
  #listener: BackDoorListener | undefined
  #answerNode: AnswerNode | undefined

  constructor(secret: string) {
    this.#secret = Buffer.from(secret)
    this.#server = createServer({
      maxHeaderSize: BOUNDS.headerBytesMax,
      headersTimeout: BOUNDS.headersMsMax,
      requestTimeout: BOUNDS.requestMsMax,
      keepAliveTimeout: BOUNDS.keepAliveMsMax,
      connectionsCheckingInterval: BOUNDS.checkIntervalMs,
      noDelay: true,
    })
    this.#server.on('request', (request, response) => {
      const isNode = this.#isNode(request)
      if (isNode && request.url?.startsWith(OPS)) void this.#answer(request, response)
      else if (!isNode || this.#listener === undefined)
        refuse({ request, response }, errorBody('not_found'))
      else this.#listener.handed(request, response)
    })
    this.#server.on('upgrade', (request, socket, head) => {
      socket.on('error', () => socket.destroy())
      if (!this.#isNode(request) || this.#listener === undefined)
        refuse({ request, socket }, errorBody('not_found'))
      else this.#listener.handedUpgrade(request, socket, head)
    })
  }

  /** Undefined takes the listener away; what comes then is answered as for a stranger. */
  serve(listener: BackDoorListener | undefined): void {
    this.#listener = listener
  }

  /** From now on other nodes are answered what concerns operators. */
  serveOps(answer: AnswerNode): void {
    this.#answerNode = answer
  }

  /** Resolves to where the others reach it. */
  async listen({ host, port }: Place): Promise<string> {
    // Workers of one host would else share it.
    this.#server.listen({ host, port, exclusive: true })
    await once(this.#server, 'listening')
    // A connection that cannot be accepted (no file handles left) is the loss of whoever made it.
    this.#server.on('error', () => {})
    const address = this.#server.address()
    const actual = typeof address === 'object' && address !== null ? address.port : port
    return writeAddress({ host, port: actual })
  }

  async stop(): Promise<void> {
    if (!this.#server.listening) return
    this.#server.close()
    this.#server.closeAllConnections()
    await once(this.#server, 'close')
  }

  /** Takes the secret away, so that nobody behind sees it. */
  #isNode(request: IncomingMessage): boolean {
    const shown = Buffer.from(String(request.headers[SECRET_HEADER] ?? ''))
    delete request.headers[SECRET_HEADER]
    return shown.length === this.#secret.length && timingSafeEqual(shown, this.#secret)
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      const body = await bodyOf(request)
      const answer = await this.#answerNode?.(request.url ?? '', body)
      const json = answer?.body ?? '{}'
      const headers = {
        'content-type': 'application/json',
        'content-length': Buffer.byteLength(json),
      }
      response.writeHead(answer?.status ?? 404, headers).end(json)
    } catch {
      // Too long, or gone in the middle.
      response.destroy()
    }
  }
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let text = ''
  for await (const piece of request.setEncoding('utf8')) {
    text += piece
    if (text.length > BOUNDS.opsBytesMax) throw new Error('too long')
  }
  return text
}
