/** Calls from one process to its child, answered one by one. */
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'

/** What a child can be asked to do. Inputs and outputs are what JSON can carry. */
export type Tasks = Record<string, (input: never) => unknown>

interface Answer {
  readonly id: number
  readonly value?: unknown
  readonly error?: string
}

export class Worker<T extends Tasks> {
  readonly #child: ChildProcess
  readonly #waiting = new Map<number, PromiseWithResolvers<unknown>>()
  #calls = 0

  /** `flags` are Node's own. */
  constructor(file: URL, args: readonly string[], flags: readonly string[] = []) {
    this.#child = fork(file, args, { execArgv: [...flags] })
    this.#child.on('message', (answer: Answer) => this.#settle(answer))
    this.#child.on('exit', (code) => {
      for (const { reject } of this.#waiting.values()) reject(new Error(`a child left: ${code}`))
      this.#waiting.clear()
    })
  }

  call<K extends keyof T & string>(
    task: K,
    input: Parameters<T[K]>[0],
  ): Promise<Awaited<ReturnType<T[K]>>> {
    const id = this.#calls++
    const waiting = Promise.withResolvers<unknown>()
    this.#waiting.set(id, waiting)
    this.#child.send({ id, task, input })
    return waiting.promise as Promise<Awaited<ReturnType<T[K]>>>
  }

  async stop(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return
    const left = once(this.#child, 'exit')
    this.#child.kill('SIGKILL')
    await left
  }

  #settle({ id, value, error }: Answer): void {
    const waiting = this.#waiting.get(id)
    this.#waiting.delete(id)
    if (error === undefined) waiting?.resolve(value)
    else waiting?.reject(new Error(error))
  }
}

/** The child's side: answers each call, and leaves with its parent. */
export function serve(tasks: Tasks): void {
  process.on('message', ({ id, task, input }: { id: number; task: string; input: never }) => {
    const work = async () => tasks[task]?.(input)
    work().then(
      (value) => process.send?.({ id, value }),
      (error: unknown) => process.send?.({ id, error: String(error) }),
    )
  })
  process.on('disconnect', () => process.exit())
}
