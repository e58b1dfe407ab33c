/** Runs the candidates side by side: each server in a process of its own, all clients in another, and the candidates in turns. */
import { percentile } from '../percentile.ts'
import type { ClientTasks } from './client-process.ts'
import { type Layout, membersOf, messagesOf, type Programme, type Scenario } from './scenario.ts'
import type { CandidateName, ServerTasks } from './server-process.ts'
import { Worker } from './worker.ts'

export const CANDIDATES = ['stock', 'raw', 'ours'] as const satisfies CandidateName[]
export type Compared = (typeof CANDIDATES)[number]

/** One scenario with one candidate: medians over the rounds, and the worst of what must not happen. */
export interface Figure {
  readonly candidate: Compared
  readonly scenario: Scenario
  /** CPU time of the server process, user and system. */
  readonly cpuUsPerDelivery: number
  readonly p50Ms: number
  readonly p99Ms: number
  /** What was reached, from the first message to the last arrival. */
  readonly deliveriesPerSecond: number
  /** Of all rounds. */
  readonly expected: number
  readonly arrived: number
}

interface Sample extends Omit<Figure, 'candidate' | 'scenario'> {}

export type Progress = (line: string) => void

/** Nothing arrives for so long: it is lost. */
const PATIENCE_MS = 20_000

export async function compare(programme: Programme, progress: Progress): Promise<Figure[]> {
  const figures: Figure[] = []
  for (const layout of programme.layouts) {
    progress(`${layout.name}: connecting`)
    const stands = await Promise.all(CANDIDATES.map((name) => Stand.open(name, layout)))
    try {
      for (const speed of programme.warmUp) {
        for (const stand of stands) await stand.run({ layout, ...speed })
      }
      for (const speed of programme.rates) {
        const scenario = { layout, ...speed }
        figures.push(...(await sideBySide(stands, scenario, programme.rounds, progress)))
      }
    } finally {
      await Promise.all(stands.map((stand) => stand.close()))
    }
  }
  return figures
}

async function sideBySide(
  stands: readonly Stand[],
  scenario: Scenario,
  rounds: number,
  progress: Progress,
): Promise<Figure[]> {
  const samples = stands.map((): Sample[] => [])
  for (let round = 0; round < rounds; round++) {
    for (const [i, stand] of stands.entries()) samples[i]?.push(await stand.run(scenario))
  }
  return stands.map(({ candidate }, i) => {
    const figure = { candidate, scenario, ...median(samples[i] ?? []) }
    progress(
      `${scenario.layout.name}, ${scenario.rate}/s, ${candidate}: ${figure.cpuUsPerDelivery.toFixed(2)} µs, p99 ${figure.p99Ms.toFixed(1)} ms`,
    )
    return figure
  })
}

function median(samples: readonly Sample[]): Sample {
  const middle = (of: (sample: Sample) => number) => percentile(samples.map(of), 0.5)
  const sum = (of: (sample: Sample) => number) => samples.reduce((all, one) => all + of(one), 0)
  return {
    cpuUsPerDelivery: middle((one) => one.cpuUsPerDelivery),
    p50Ms: middle((one) => one.p50Ms),
    p99Ms: middle((one) => one.p99Ms),
    deliveriesPerSecond: middle((one) => one.deliveriesPerSecond),
    expected: sum((one) => one.expected),
    arrived: sum((one) => one.arrived),
  }
}

/** A candidate with its clients, connected. */
class Stand {
  readonly candidate: Compared
  readonly #server: Worker<ServerTasks>
  readonly #clients: Worker<ClientTasks>

  private constructor(candidate: Compared) {
    this.candidate = candidate
    this.#server = new Worker(new URL('./server-process.ts', import.meta.url), [candidate])
    this.#clients = new Worker(new URL('./client-process.ts', import.meta.url), [])
  }

  static async open(candidate: Compared, layout: Layout): Promise<Stand> {
    const stand = new Stand(candidate)
    try {
      const port = await stand.#server.call('start', layout)
      await stand.#clients.call('connect', { port, count: layout.sockets })
    } catch (error) {
      await stand.close()
      throw error
    }
    return stand
  }

  async run(scenario: Scenario): Promise<Sample> {
    const { rate, seconds, layout } = scenario
    const expected = messagesOf(scenario) * membersOf(layout)
    await this.#clients.call('reset', undefined)
    const startedAt = performance.now()
    await this.#server.call('say', { rooms: layout.rooms, rate, seconds })
    const { arrived, p50Ms, p99Ms } = await this.#clients.call('arrived', {
      expected,
      patienceMs: PATIENCE_MS,
    })
    const tookSeconds = (performance.now() - startedAt) / 1_000
    const cpuUs = await this.#server.call('cpuUs', undefined)
    const deliveriesPerSecond = arrived / tookSeconds
    const cpuUsPerDelivery = cpuUs / arrived
    return { cpuUsPerDelivery, p50Ms, p99Ms, deliveriesPerSecond, expected, arrived }
  }

  async close(): Promise<void> {
    await Promise.all([this.#server.stop(), this.#clients.stop()])
  }
}
