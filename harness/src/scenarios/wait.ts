/** What scenarios wait for, and do again until it works. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Stage } from '../stage/stage.ts'

const CHECK_MS = 50

/** Waits until it is so, however long that takes; what rejects is not so yet. */
export async function until(isSo: () => Promise<boolean> | boolean): Promise<void> {
  while (!(await Promise.resolve(isSo()).catch(() => false))) await sleep(CHECK_MS)
}

/** Does it again until it works. A server's orphans hold on to its port and folder for a moment. */
export async function atLast<T>(run: () => Promise<T>, triesMax = 20): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await run()
    } catch (error) {
      if (tries === triesMax) throw error
      await sleep(CHECK_MS)
    }
  }
}

/** Waits until a process is gone that ends by itself. */
export function gone(pid: number): Promise<void> {
  return until(() => {
    try {
      return !process.kill(pid, 0)
    } catch {
      return true
    }
  })
}

/** The sum of a metric over the running nodes. */
export async function total(stage: Stage, name: string, label = ''): Promise<number> {
  const values = await Promise.all(stage.running.map((node) => node.metric(name, label)))
  return values.reduce((sum, value) => sum + value, 0)
}

/** Requests on sockets that were refused with this code: what a fault that clients are told of leaves behind. */
export const refusals = (stage: Stage, code: string): Promise<number> =>
  total(stage, 'madang_requests_total', `outcome="${code}"`)
