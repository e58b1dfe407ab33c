/** Takes the looks at this process together, five minutes at a time. */
import type { StatRow } from '../store/stats.ts'
import type { Sample } from './sampler.ts'

export const sampleMs = 300_000

interface Sums {
  readonly at: number
  looks: number
  cpu: number
  lagP99Ms: number
  residentBytes: number
  connections: number
}

export class SampleSums {
  #sums: Sums | undefined
  #done: Sums | undefined

  /** Whether five minutes are full, and to be taken. */
  add(sample: Sample, connections: number, now: number): boolean {
    const at = now - (now % sampleMs)
    if (this.#sums !== undefined && this.#sums.at !== at) {
      this.#done = this.#sums
      this.#sums = undefined
    }
    this.#sums ??= { at, looks: 0, cpu: 0, lagP99Ms: 0, residentBytes: 0, connections: 0 }
    const sums = this.#sums
    sums.looks += 1
    sums.cpu += sample.cpu
    sums.lagP99Ms = Math.max(sums.lagP99Ms, sample.lagP99Ms)
    sums.residentBytes += sample.residentBytes
    sums.connections += connections
    return this.#done !== undefined
  }

  /** The last full five minutes; where there are none, those that have begun. */
  take(node: string): readonly StatRow[] {
    const sums = this.#done ?? this.#sums
    this.#done = undefined
    if (sums === undefined) return []
    const { at, looks, lagP99Ms } = sums
    const row = (name: string, value: number): StatRow => ({ at, node, name, value })
    return [
      row('cpu', sums.cpu / looks),
      row('lagP99Ms', lagP99Ms),
      row('residentBytes', Math.round(sums.residentBytes / looks)),
      row('connections', sums.connections / looks),
    ]
  }
}
