/** Asks another node something at its back door, for operators. */
import { Agent, request as open } from 'node:http'
import { text } from 'node:stream/consumers'
import type { NodeRecord } from '../../store/nodes.ts'
import { SECRET_HEADER } from '../socketio/hand-over.ts'
import { readAddress } from './address.ts'

/** An answer: figures are 4 KB, a full trace some hundred. */
const answerBytesMax = 2_097_152

export class NodeAsker {
  /** Operators look once a second: between two looks the connection stays. */
  readonly #agent = new Agent({ keepAlive: true, maxFreeSockets: 1, timeout: 10_000 })

  /** Rejects with what an operator can act upon. */
  async ask(
    { address, secret }: NodeRecord,
    path: string,
    body: string,
    withinMs: number,
  ): Promise<string> {
    const place = readAddress(address)
    if (place === undefined) throw new Error(`its address ${address} cannot be read`)
    const signal = AbortSignal.timeout(withinMs)
    const headers = {
      [SECRET_HEADER]: secret,
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(body),
    }
    const { promise, resolve, reject } = Promise.withResolvers<string>()
    const request = open(
      { ...place, path, method: 'POST', headers, signal, agent: this.#agent },
      (response) => {
        if (Number(response.headers['content-length'] ?? 0) > answerBytesMax) response.destroy()
        text(response).then((answer) => {
          if (response.statusCode === 200) resolve(answer)
          else reject(new Error(`it answers with status ${response.statusCode}`))
        }, reject)
      },
    )
    request.on('error', (error) => reject(error))
    request.end(body)
    return promise.catch((error) => {
      const why = signal.aborted ? `no answer within ${withinMs} ms` : reasonOf(error)
      throw new Error(`${address}: ${why}`, { cause: error })
    })
  }

  stop(): void {
    this.#agent.destroy()
  }
}

const reasonOf = (error: unknown): string =>
  error instanceof Error ? ('code' in error ? String(error.code) : error.message) : 'no answer'
