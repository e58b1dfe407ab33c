/** A place where a node of the baseline runs, is ended and is started again. */
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { ServerOrder } from './order.ts'

const PROCESS = fileURLToPath(new URL('./server-process.ts', import.meta.url))

export class StockNode {
  readonly name: string
  readonly #order: Omit<ServerOrder, 'port'>
  #child: ChildProcess | undefined
  #port = 0

  constructor(name: string, order: Omit<ServerOrder, 'port'>) {
    this.name = name
    this.#order = order
  }

  get port(): number {
    return this.#port
  }

  /** On a free port the first time, and on the same port again after `end`. */
  async start(): Promise<void> {
    const order: ServerOrder = { ...this.#order, port: this.#port }
    const child = fork(PROCESS, [JSON.stringify(order)], {
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      execArgv: [],
    })
    this.#child = child
    const died = once(child, 'exit').then(([code]) => {
      throw new Error(`a node of the baseline ended with ${code} before it was ready`)
    })
    died.catch(() => {})
    const [{ port }] = (await Promise.race([once(child, 'message'), died])) as [{ port: number }]
    this.#port = port
  }

  /** Resolves to the exit code when it is gone; null where the signal ended it. */
  async end(signal: NodeJS.Signals): Promise<number | null> {
    const child = this.#child
    this.#child = undefined
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return null
    const gone = once(child, 'exit')
    child.kill(signal)
    const [code] = (await gone) as [number | null]
    return code
  }
}
