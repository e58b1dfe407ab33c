/** Looks at this process and at what it has counted, every few seconds and whenever somebody asks: what happens how often is the difference of two looks. */
import type { Clock, Timer } from '../clock.ts'
import { eventLoopGauge, type Gauge } from './load.ts'
import { residentBytes } from './memory.ts'

export const SAMPLE_MS = {
  /** Between two looks while nobody asks. */
  every: 5_000,
  /** Those who ask more often than that share a look. */
  least: 900,
} as const

/** What was counted since the start. */
export interface Totals {
  readonly messagesIn: number
  readonly deliveriesOut: number
  readonly requests: number
}

/** The time from one look to the next. */
export interface Sample {
  readonly totals: Totals
  /** Per second. */
  readonly rates: Totals
  /** Cores in use. */
  readonly cpu: number
  readonly lagP99Ms: number
  readonly utilization: number
  readonly residentBytes: number
}

export interface SamplerParts {
  readonly clock: Clock
  readonly totals: () => Promise<Totals>
  /** CPU time of the process so far, in ms. */
  readonly cpuMs?: () => number
  readonly residentBytes?: () => number
  readonly gauge?: Gauge
}

interface Look {
  readonly atMs: number
  readonly cpuMs: number
  readonly totals: Totals
}

const NOTHING: Totals = { messagesIn: 0, deliveriesOut: 0, requests: 0 }
const IDLE: Sample = {
  ...{ totals: NOTHING, rates: NOTHING },
  ...{ cpu: 0, lagP99Ms: 0, utilization: 0, residentBytes: 0 },
}

export class Sampler {
  readonly #parts: Required<SamplerParts>
  readonly #listeners: ((sample: Sample) => void)[] = []
  #before: Look | undefined
  #last = IDLE
  #looking: Promise<void> | undefined
  #timer: Timer | undefined

  constructor(parts: SamplerParts) {
    this.#parts = {
      cpuMs: ownCpuMs,
      residentBytes,
      gauge: eventLoopGauge(),
      ...parts,
    }
  }

  /** Told of every look. Must not throw. */
  onSample(listener: (sample: Sample) => void): void {
    this.#listeners.push(listener)
  }

  start(): void {
    const { clock, gauge } = this.#parts
    if (this.#timer !== undefined) return
    gauge.start()
    this.#before = { atMs: clock.monotonic(), cpuMs: this.#parts.cpuMs(), totals: NOTHING }
    this.#timer = clock.every(SAMPLE_MS.every, () => void this.read())
  }

  stop(): void {
    this.#timer?.cancel()
    this.#timer = undefined
    this.#parts.gauge.stop()
  }

  /** The last look, or a new one where that is too old. Never rejects. */
  async read(): Promise<Sample> {
    const { clock } = this.#parts
    const ageMs = clock.monotonic() - (this.#before?.atMs ?? Number.POSITIVE_INFINITY)
    if (ageMs >= SAMPLE_MS.least && this.#timer !== undefined) {
      this.#looking ??= this.#look().finally(() => {
        this.#looking = undefined
      })
      await this.#looking
    }
    return this.#last
  }

  async #look(): Promise<void> {
    const { clock, cpuMs, gauge, residentBytes } = this.#parts
    const totals = await this.#parts.totals().catch(() => this.#last.totals)
    const now: Look = { atMs: clock.monotonic(), cpuMs: cpuMs(), totals }
    const before = this.#before ?? now
    const seconds = Math.max(0.001, (now.atMs - before.atMs) / 1_000)
    const { lagMs, utilization } = gauge.look()
    this.#before = now
    this.#last = {
      totals,
      rates: ratesOf(before.totals, totals, seconds),
      cpu: Math.max(0, (now.cpuMs - before.cpuMs) / 1_000 / seconds),
      lagP99Ms: Number.isFinite(lagMs) ? lagMs : 0,
      utilization,
      residentBytes: residentBytes(),
    }
    for (const listener of this.#listeners) listener(this.#last)
  }
}

function ratesOf(before: Totals, now: Totals, seconds: number): Totals {
  const rate = (name: keyof Totals) =>
    Math.round((Math.max(0, now[name] - before[name]) / seconds) * 100) / 100
  return {
    messagesIn: rate('messagesIn'),
    deliveriesOut: rate('deliveriesOut'),
    requests: rate('requests'),
  }
}

function ownCpuMs(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1_000
}
