/** Starts a primary in a process of its own, kills it, and starts it again at the same path. */
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { type IpcPlace, newPlace } from '../ipc/place.ts'
import type { IpcStats } from '../ipc/primary.ts'

const SCRIPT = join(import.meta.dirname, 'ipc-primary-process.ts')

export class PrimaryProcess {
  readonly #place: IpcPlace = newPlace()
  readonly #queueBytesMax: number
  #child: ChildProcess | undefined

  constructor({ queueBytesMax = 16_777_216 } = {}) {
    this.#queueBytesMax = queueBytesMax
  }

  get path(): string {
    return this.#place.path
  }

  get pid(): number {
    return this.#child?.pid ?? 0
  }

  async start(): Promise<void> {
    const child = fork(SCRIPT, [this.path, String(this.#queueBytesMax)])
    this.#child = child
    const ended = once(child, 'exit').then(() => {
      throw new Error('the primary did not come up')
    })
    ended.catch(() => {})
    await Promise.race([once(child, 'message'), ended])
  }

  async kill(): Promise<void> {
    const child = this.#child
    this.#child = undefined
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return
    const gone = once(child, 'exit')
    child.kill('SIGKILL')
    await gone
  }

  async stats(): Promise<IpcStats> {
    if (this.#child === undefined) throw new Error('the primary does not run')
    const answered = once(this.#child, 'message')
    this.#child.send('stats')
    const [stats] = (await answered) as [IpcStats]
    return stats
  }

  async stop(): Promise<void> {
    await this.kill()
    this.#place.remove?.()
  }
}
