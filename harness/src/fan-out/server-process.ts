/** A candidate in a process of its own, which says what it costs. */
import { setImmediate, setTimeout } from 'node:timers/promises'
import type { Candidate } from './candidates/candidate.ts'
import { ours } from './candidates/ours.ts'
import { raw } from './candidates/raw.ts'
import { stock } from './candidates/stock.ts'
import { messageDueAt, nowUs } from './message.ts'
import { type Layout, messagesOf, seating } from './scenario.ts'
import { serve } from './worker.ts'

const CANDIDATES = {
  stock,
  raw,
  ours,
  'ours, not slimmed': () => ours(false),
} satisfies Record<string, () => Candidate>
export type CandidateName = keyof typeof CANDIDATES

const [name = ''] = process.argv.slice(2)
const make = Object.entries(CANDIDATES).find(([one]) => one === name)?.[1]
if (make === undefined) throw new Error(`there is no candidate "${name}"`)
const candidate = make()
let cpuBefore = process.cpuUsage()

const tasks = {
  start: (layout: Layout): Promise<number> => candidate.start(seating(layout)),
  seated: (): number => candidate.seated(),

  /** Returns when all is said. Messages that are late keep the time at which they were due, so that waiting for a busy server counts. */
  async say(input: { rooms: number; rate: number; seconds: number }): Promise<void> {
    cpuBefore = process.cpuUsage()
    const startUs = nowUs() + 5_000
    for (let i = 0; i < messagesOf(input); i++) {
      const at = startUs + (i * 1e6) / input.rate
      const waitMs = (at - nowUs()) / 1_000
      if (waitMs > 0.5) await setTimeout(waitMs)
      else await setImmediate()
      candidate.say(i % input.rooms, messageDueAt(at))
    }
  },

  /** User and system time since the last `say` began, in µs. */
  cpuUs(): number {
    const { user, system } = process.cpuUsage(cpuBefore)
    return user + system
  },

  /** Resident bytes after collecting garbage, several times, so that what is freed late is too. Needs `--expose-gc`. */
  async residentBytes(): Promise<number> {
    for (let i = 0; i < 4; i++) {
      globalThis.gc?.()
      await setTimeout(100)
    }
    return process.memoryUsage.rss()
  },
}
export type ServerTasks = typeof tasks

serve(tasks)
