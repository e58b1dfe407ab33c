/** Counts what happens, and writes it down the way Prometheus reads it. */
import { Counter, Gauge, Histogram, Registry } from 'prom-client'
import {
  type LabelsOf,
  METRICS,
  type MetricName,
  type MetricRow,
  type NamesOf,
} from './metric-table.ts'

export interface Sample<N extends MetricName> {
  readonly labels: LabelsOf<N>
  readonly value: number
}

export interface CounterSample {
  readonly labels: Readonly<Record<string, string>>
  readonly value: number
}

type Watched = NamesOf<'gauge'> | NamesOf<'counter'>

/** Handed to the parts; none of its methods throws. */
export interface Metrics {
  count<N extends NamesOf<'counter'>>(name: N, labels: LabelsOf<N>, by?: number): void
  observe<N extends NamesOf<'histogram'>>(name: N, labels: LabelsOf<N>, value: number): void
  /** Looked at whenever somebody asks, instead of being counted. One watcher per metric; one that throws leaves no sample. */
  watch<N extends Watched>(
    name: N,
    look: () => readonly Sample<N>[] | Promise<readonly Sample<N>[]>,
  ): void
  /** What a counter has counted by now, by its labels. Not for what is watched. */
  samples(name: NamesOf<'counter'>): Promise<readonly CounterSample[]>
  /** The page, and its content type. */
  page(): Promise<{ readonly type: string; readonly body: string }>
}

export function createMetrics(): Metrics {
  return new PrometheusMetrics()
}

type AnyLook = () => readonly AnySample[] | Promise<readonly AnySample[]>
interface AnySample {
  readonly labels: Readonly<Record<string, string>>
  readonly value: number
}

class PrometheusMetrics implements Metrics {
  readonly #registry = new Registry()
  readonly #counters = new Map<MetricName, Counter>()
  readonly #gauges = new Map<MetricName, Gauge>()
  readonly #histograms = new Map<MetricName, Histogram>()
  readonly #looks = new Map<MetricName, AnyLook>()

  constructor() {
    for (const name of metricNames) this.#add(name)
  }

  count<N extends NamesOf<'counter'>>(name: N, labels: LabelsOf<N>, by = 1): void {
    this.#counters.get(name)?.inc({ ...labels }, by)
  }

  observe<N extends NamesOf<'histogram'>>(name: N, labels: LabelsOf<N>, value: number): void {
    this.#histograms.get(name)?.observe({ ...labels }, value)
  }

  watch<N extends Watched>(
    name: N,
    look: () => readonly Sample<N>[] | Promise<readonly Sample<N>[]>,
  ): void {
    this.#looks.set(name, look)
  }

  async samples(name: NamesOf<'counter'>): Promise<readonly CounterSample[]> {
    const found = await this.#counters.get(name)?.get()
    return (found?.values ?? []).map(({ labels, value }) => ({ labels: textsOf(labels), value }))
  }

  async page(): Promise<{ type: string; body: string }> {
    for (const [name, look] of this.#looks) await this.#look(name, look)
    return { type: this.#registry.contentType, body: await this.#registry.metrics() }
  }

  async #look(name: MetricName, look: AnyLook): Promise<void> {
    const counter = this.#counters.get(name)
    const gauge = this.#gauges.get(name)
    const samples = await attempt(look)
    counter?.reset()
    gauge?.reset()
    for (const { labels, value } of samples) {
      counter?.inc({ ...labels }, value)
      gauge?.set({ ...labels }, value)
    }
  }

  #add(name: MetricName): void {
    const { kind, help, labels = [], buckets }: MetricRow = METRICS[name]
    const common = { name, help, labelNames: [...labels], registers: [this.#registry] }
    if (kind === 'counter') this.#counters.set(name, new Counter(common))
    else if (kind === 'gauge') this.#gauges.set(name, new Gauge(common))
    else
      this.#histograms.set(
        name,
        new Histogram({ ...common, ...(buckets && { buckets: [...buckets] }) }),
      )
  }
}

async function attempt(look: AnyLook): Promise<readonly AnySample[]> {
  try {
    return await look()
  } catch {
    return []
  }
}

export const metricNames: readonly MetricName[] = Object.keys(METRICS).filter(
  (name): name is MetricName => Object.hasOwn(METRICS, name),
)

function textsOf(labels: Partial<Record<string, string | number>>): Record<string, string> {
  return Object.fromEntries(Object.entries(labels).map(([name, value]) => [name, String(value)]))
}
