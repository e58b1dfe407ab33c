/**
 * Counts what happens, and writes it down in the background for operators: events and messages by hour, and how this process was, by five minutes. Nothing of chat waits for
 * it. What cannot be written is kept and written later, within bounds; past these, and where the process dies, it is lost.
 */
import type { LogEvent, Stats, StatsRange } from '@madang/protocol'
import type { Clock, Timer } from '../clock.ts'
import type { StatRow, StatsStore } from '../store/stats.ts'
import { ChannelKinds, type KindOf } from './channel-kinds.ts'
import { SampleSums } from './sample-sums.ts'
import type { Sample, Sampler } from './sampler.ts'
import { readStats } from './stats-reading.ts'

export const RECORDER_LIMITS = {
  /** Between two writes, in ms. */
  flushMs: 10_000,
  /** How long a write may take, in ms; past it the target counts as away and is opened anew. */
  writeMsMax: 5_000,
  /** What waits to be written, in rows; past it the oldest are lost. */
  rowsMax: 5_000,
  /** Rows in one write. */
  batchRows: 500,
  /** How long counts are kept, in ms: 30 days. */
  keptMs: 2_592_000_000,
  /** How long the last write is waited for when the node stops, in ms. */
  stopMsMax: 2_000,
  /** How long a reader waits for what this node has not written yet, in ms. */
  readWaitMs: 1_000,
} as const

const hourMs = 3_600_000

/** Where counts are kept: it may be away at any time. */
export interface StatsTarget {
  /** Resolves when it can be written to; rejects where it cannot be reached. */
  open(): Promise<OpenTarget>
}

export interface OpenTarget extends StatsStore {
  close(): Promise<void>
}

/** `late` and `failed` writes are tried again; `lost` counts rows. */
export type WriteOutcome = 'ok' | 'failed' | 'late' | 'lost'

export interface RecorderParts {
  readonly node: string
  readonly clock: Clock
  /** From 0 up to 1. */
  readonly random: () => number
  /** Undefined: nothing is counted. */
  readonly target: StatsTarget | undefined
  readonly kindOf: KindOf
  /** Must not throw. */
  readonly report: (outcome: WriteOutcome, count: number, error?: unknown) => void
}

export class Recorder {
  readonly #parts: RecorderParts
  /** A process that starts again within the hour counts anew, beside its former self. */
  readonly #life: string
  readonly #kinds: ChannelKinds
  readonly #sums = new SampleSums()
  /** This hour's counts, whole. */
  #counts = new Map<string, number>()
  #hourAt = 0
  /** Time, node and name → the row as it is to be. */
  readonly #unwritten = new Map<string, StatRow>()
  #open: Promise<OpenTarget> | undefined
  #flushing: Promise<void> | undefined
  #timer: Timer | undefined

  constructor(parts: RecorderParts) {
    this.#parts = parts
    this.#kinds = new ChannelKinds(parts.kindOf)
    this.#life = `${parts.node}~${Math.floor(parts.random() * 2 ** 32).toString(36)}`
  }

  /** Called within a commit: counts in memory, and nothing else. */
  committed(events: readonly LogEvent[]): void {
    if (this.#parts.target === undefined) return
    this.#turnHour()
    for (const event of events) {
      this.#count(`events.${event.kind}`, 1)
      if (event.kind !== 'created') continue
      const kind = this.#kinds.of(event.channelId)
      if (kind === undefined) this.#kinds.wanted(event.channelId)
      else this.#count(`messages.${kind}`, 1)
    }
  }

  start(): void {
    if (this.#parts.target === undefined) return
    this.#timer ??= this.#parts.clock.every(RECORDER_LIMITS.flushMs, () => void this.flush())
  }

  watch(sampler: Sampler, connections: () => number): void {
    sampler.onSample((sample) => this.#sampled(sample, connections()))
  }

  /** Writes what was counted by now, unless that is under way. Never rejects. */
  flush(): Promise<void> {
    this.#flushing ??= this.#flush().finally(() => {
      this.#flushing = undefined
    })
    return this.#flushing
  }

  /** What was counted, on all nodes. Rejects where the target cannot be read. */
  async read(range: StatsRange): Promise<Stats> {
    const { clock, target } = this.#parts
    const to = range.to ?? clock.now() + 1
    const from = Math.max(range.from ?? to - 24 * hourMs, to - RECORDER_LIMITS.keptMs)
    if (target === undefined) return { from, to, hours: [], samples: [] }
    await this.#within(this.flush(), RECORDER_LIMITS.readWaitMs).catch(() => {})
    const open = await this.#within(this.#opened(target), RECORDER_LIMITS.writeMsMax)
    return this.#within(readStats(open, from, to), RECORDER_LIMITS.writeMsMax)
  }

  /** Writes once more, and waits for it no longer than its bound: a target that is away must not hold the end of a node up. */
  async stop(): Promise<void> {
    this.#timer?.cancel()
    this.#timer = undefined
    if (this.#parts.target === undefined) return
    this.#keep(this.#sums.take(this.#parts.node))
    const written = (this.#flushing ?? Promise.resolve()).then(() => this.flush())
    await this.#within(written, RECORDER_LIMITS.stopMsMax).catch(() => {})
    this.#drop()
  }

  #sampled(sample: Sample, connections: number): void {
    if (this.#parts.target === undefined) return
    const done = this.#sums.add(sample, connections, this.#parts.clock.now())
    if (done) this.#keep(this.#sums.take(this.#parts.node))
  }

  async #flush(): Promise<void> {
    const { target, report, clock } = this.#parts
    if (target === undefined) return
    this.#turnHour()
    try {
      await this.#within(this.#learnKinds(), RECORDER_LIMITS.writeMsMax)
      this.#keepCounts()
      if (this.#unwritten.size === 0) return
      const open = await this.#within(this.#opened(target), RECORDER_LIMITS.writeMsMax)
      const rows = [...this.#unwritten.values()].slice(0, RECORDER_LIMITS.batchRows)
      const forgetBefore = Math.max(0, clock.now() - RECORDER_LIMITS.keptMs)
      await this.#within(open.writeStats(rows, forgetBefore), RECORDER_LIMITS.writeMsMax)
      this.#written(rows)
      report('ok', rows.length)
    } catch (error) {
      this.#drop()
      report(error instanceof Late ? 'late' : 'failed', 1, error)
    }
  }

  /** Messages whose channel was not known yet. */
  async #learnKinds(): Promise<void> {
    for (const [kind, messages] of await this.#kinds.learn()) {
      this.#count(`messages.${kind}`, messages)
    }
  }

  #count(name: string, by: number): void {
    this.#counts.set(name, (this.#counts.get(name) ?? 0) + by)
  }

  #turnHour(): void {
    const now = this.#parts.clock.now()
    const hourAt = now - (now % hourMs)
    if (hourAt === this.#hourAt) return
    this.#keepCounts()
    this.#hourAt = hourAt
    this.#counts = new Map()
  }

  #keepCounts(): void {
    const [at, node] = [this.#hourAt, this.#life]
    this.#keep([...this.#counts].map(([name, value]) => ({ at, node, name, value })))
  }

  readonly #last = new Map<string, number>()

  /** What was written already and has not changed is not written again. */
  #keep(rows: readonly StatRow[]): void {
    for (const row of rows) {
      const key = keyOf(row)
      if (this.#last.get(key) === row.value) continue
      this.#unwritten.set(key, row)
    }
    const over = this.#unwritten.size - RECORDER_LIMITS.rowsMax
    if (over <= 0) return
    for (const key of [...this.#unwritten.keys()].slice(0, over)) this.#unwritten.delete(key)
    this.#parts.report('lost', over)
  }

  /** A row that has changed while it was written is written again. */
  #written(rows: readonly StatRow[]): void {
    for (const row of rows) {
      const key = keyOf(row)
      if (this.#unwritten.get(key)?.value === row.value) this.#unwritten.delete(key)
      if (row.at === this.#hourAt) this.#last.set(key, row.value)
    }
    for (const key of this.#last.keys()) {
      if (!key.startsWith(`${this.#hourAt} `)) this.#last.delete(key)
    }
  }

  #opened(target: StatsTarget): Promise<OpenTarget> {
    this.#open ??= target.open().catch((error) => {
      this.#open = undefined
      throw error
    })
    return this.#open
  }

  /** Whatever it still does is nobody's business any more. */
  #drop(): void {
    const open = this.#open
    this.#open = undefined
    open?.then(
      (target) => void target.close().catch(() => {}),
      () => {},
    )
  }

  #within<T>(work: Promise<T>, ms: number): Promise<T> {
    return new Promise((resolve, reject) => {
      const timer = this.#parts.clock.after(ms, () => reject(new Late(`no answer within ${ms} ms`)))
      work.then(resolve, reject).finally(() => timer.cancel())
    })
  }
}

class Late extends Error {}

const keyOf = ({ at, node, name }: StatRow): string => `${at} ${node} ${name}`
