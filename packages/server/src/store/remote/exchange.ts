/** One HTTP request and its answer, over connections that are kept: within a deadline, a size and a number at once. */
import * as http from 'node:http'
import * as https from 'node:https'
import type { Clock } from '../../clock.ts'
import { STORE_API_LIMITS } from './contract.ts'

export interface Answer {
  readonly status: number
  readonly text: string
}

/** `late`: past the deadline. `too_large`: past `answerBytesMax`. `broken`: no connection, or it ended before the answer did. */
export type Silence = 'broken' | 'late' | 'too_large' | 'stopped'

/** Nothing that could be read came back; whether the request was carried out is unknown. */
export class NoAnswer extends Error {
  readonly silence: Silence

  constructor(silence: Silence, detail: string) {
    super(detail)
    this.name = 'NoAnswer'
    this.silence = silence
  }
}

export interface ExchangeOptions {
  /** Of the API process; a path in it comes before ours. */
  readonly url: string
  readonly secret: string
  readonly clock: Clock
  /** Connections at the same time; what is more waits, its deadline running. */
  readonly connectionsMax: number
  readonly answerBytesMax?: number
  /** A connection that is idle for so long, in ms, is closed before the other side does it: Node's servers wait 5 s, others longer. */
  readonly idleMsMax?: number
}

const idleMsUsual = 4_000

export class Exchange {
  readonly #base: string
  readonly #options: ExchangeOptions
  readonly #agent: http.Agent
  readonly #request: typeof http.request
  readonly #open = new Set<(silence: Silence) => void>()

  constructor(options: ExchangeOptions) {
    const isTls = options.url.startsWith('https:')
    const { connectionsMax: maxSockets, idleMsMax: timeout = idleMsUsual } = options
    const kept = { keepAlive: true, maxSockets, timeout }
    this.#options = options
    this.#base = options.url.replace(/\/+$/, '')
    this.#agent = isTls ? new https.Agent(kept) : new http.Agent(kept)
    this.#request = isTls ? https.request : http.request
  }

  /** Rejects with `NoAnswer`. */
  post(path: string, body: string, deadlineMs: number): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const sent = this.#request(`${this.#base}${path}`, {
        method: 'POST',
        agent: this.#agent,
        headers: {
          authorization: `Bearer ${this.#options.secret}`,
          'content-type': 'application/json',
          'content-length': Buffer.byteLength(body),
        },
      })
      const fail = (silence: Silence, detail: string = silence) => {
        end()
        sent.destroy()
        reject(new NoAnswer(silence, detail))
      }
      const stop = (silence: Silence) => fail(silence)
      const timer = this.#options.clock.after(deadlineMs, () => fail('late'))
      const end = () => {
        timer.cancel()
        this.#open.delete(stop)
      }
      this.#open.add(stop)
      sent.on('error', (error) => fail('broken', error.message))
      sent.on('response', (response) => {
        collect(
          response,
          this.#options.answerBytesMax ?? STORE_API_LIMITS.answerBytesMax,
          fail,
          (text) => {
            end()
            resolve({ status: response.statusCode ?? 0, text })
          },
        )
      })
      sent.end(body)
    })
  }

  /** Ends every connection; what was asked is not answered any more. */
  close(): void {
    for (const stop of [...this.#open]) stop('stopped')
    this.#agent.destroy()
  }
}

function collect(
  response: http.IncomingMessage,
  bytesMax: number,
  fail: (silence: Silence, detail?: string) => void,
  done: (text: string) => void,
): void {
  const pieces: Buffer[] = []
  let bytes = 0
  response.on('data', (piece: Buffer) => {
    bytes += piece.length
    if (bytes > bytesMax) fail('too_large')
    else pieces.push(piece)
  })
  response.on('error', (error) => fail('broken', error.message))
  // An answer that breaks off closes without an end.
  response.on('close', () => {
    if (!response.complete) fail('broken', 'the answer broke off')
  })
  response.on('end', () => done(Buffer.concat(pieces).toString('utf8')))
}
