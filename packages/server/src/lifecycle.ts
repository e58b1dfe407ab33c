/** Starts services in order, drains and stops them in reverse, each within a deadline, whatever the others do. */
import type { Clock } from './clock.ts'
import type { Log } from './log.ts'

/** One thing that runs. What it does not need it leaves out. */
export interface Service {
  readonly name: string
  start?(): Promise<void> | void
  /** Takes no new work, and finishes or hands over what is at hand. The services before it still run. */
  drain?(): Promise<void> | void
  /** Releases everything. Called after a failed `start` too, and without `drain` where there was no time. */
  stop?(): Promise<void> | void
  /** Of this service alone, where the usual ones do not fit. */
  readonly deadlines?: Partial<Deadlines>
}

export interface Deadlines {
  readonly startMsMax: number
  readonly drainMsMax: number
  readonly stopMsMax: number
}

const usualDeadlines: Deadlines = { startMsMax: 30_000, drainMsMax: 5_000, stopMsMax: 5_000 }

export type Phase = 'new' | 'starting' | 'running' | 'draining' | 'stopping' | 'stopped'

export interface Lifecycle {
  readonly phase: Phase
  /**
   * Starts the services in order. Where one fails or is late, those that were started are stopped in reverse and the promise rejects with
   * `StartFailure`; likewise where `stop` is called meanwhile. To be called once.
   */
  start(): Promise<void>
  /** Drains what runs, in reverse. Never rejects; a second call waits for the first. */
  drain(): Promise<void>
  /** Stops what was started, in reverse. Never rejects; a second call waits for the first. Resolves to the names of services that failed or were late. */
  stop(): Promise<readonly string[]>
}

export class StartFailure extends Error {
  readonly service: string
  /** Nothing went wrong: `stop` was called meanwhile. */
  readonly isStopped: boolean

  constructor(service: string, cause: unknown, isStopped: boolean) {
    super(cause instanceof Error ? cause.message : String(cause), { cause })
    this.name = 'StartFailure'
    this.service = service
    this.isStopped = isStopped
  }
}

export interface LifecycleOptions {
  readonly services: readonly Service[]
  readonly clock: Clock
  readonly log: Log
  readonly deadlines?: Partial<Deadlines>
}

export function createLifecycle(options: LifecycleOptions): Lifecycle {
  return new OrderedLifecycle(options)
}

class OrderedLifecycle implements Lifecycle {
  readonly #services: readonly Service[]
  readonly #clock: Clock
  readonly #log: Log
  readonly #deadlines: Deadlines
  readonly #begun: Service[] = []
  readonly #unclean = new Set<string>()
  #phase: Phase = 'new'
  #starting: Promise<void> | undefined
  #draining: Promise<void> | undefined
  #stopping: Promise<readonly string[]> | undefined

  constructor({ services, clock, log, deadlines }: LifecycleOptions) {
    this.#services = services
    this.#clock = clock
    this.#log = log
    this.#deadlines = { ...usualDeadlines, ...deadlines }
  }

  get phase(): Phase {
    return this.#phase
  }

  start(): Promise<void> {
    this.#starting ??= this.#start()
    return this.#starting
  }

  drain(): Promise<void> {
    this.#draining ??= this.#drain()
    return this.#draining
  }

  stop(): Promise<readonly string[]> {
    this.#stopping ??= this.#stop()
    return this.#stopping
  }

  async #start(): Promise<void> {
    if (this.#phase !== 'new') throw new StartFailure('lifecycle', `it is ${this.#phase}`, false)
    this.#phase = 'starting'
    for (const service of this.#services) {
      try {
        await this.#perform(service, 'start')
        if (this.#stopping !== undefined) throw new Error('told to stop while starting')
      } catch (error) {
        await this.#stopBegun()
        this.#phase = 'stopped'
        throw new StartFailure(service.name, error, this.#stopping !== undefined)
      }
    }
    this.#phase = 'running'
  }

  async #drain(): Promise<void> {
    if (this.#phase !== 'running') return
    this.#phase = 'draining'
    for (const service of this.#begun.toReversed()) await this.#attempt(service, 'drain')
  }

  async #stop(): Promise<readonly string[]> {
    if (this.#phase === 'starting') await this.#starting?.catch(() => {})
    if (this.#phase !== 'stopped') {
      this.#phase = 'stopping'
      await this.#stopBegun()
      this.#phase = 'stopped'
    }
    return [...this.#unclean]
  }

  async #stopBegun(): Promise<void> {
    for (const service of this.#begun.splice(0).toReversed()) await this.#attempt(service, 'stop')
  }

  async #attempt(service: Service, step: 'drain' | 'stop'): Promise<void> {
    try {
      await this.#perform(service, step)
    } catch (error) {
      this.#unclean.add(service.name)
      this.#log.error(
        { service: service.name, step, err: error },
        `${service.name}: ${step} failed.`,
      )
    }
  }

  async #perform(service: Service, step: 'start' | 'drain' | 'stop'): Promise<void> {
    if (step === 'start') this.#begun.push(service)
    if (service[step] === undefined) return
    const bound = `${step}MsMax` as const
    const limitMs = service.deadlines?.[bound] ?? this.#deadlines[bound]
    const begunAt = this.#clock.monotonic()
    const late = Promise.withResolvers<never>()
    const timer = this.#clock.after(limitMs, () => {
      late.reject(new Error(`${service.name}: ${step} took longer than ${limitMs} ms`))
    })
    try {
      await Promise.race([service[step](), late.promise])
    } finally {
      timer.cancel()
    }
    const tookMs = Math.round(this.#clock.monotonic() - begunAt)
    this.#log.debug({ service: service.name, step, tookMs }, `${service.name}: ${step} done.`)
  }
}
