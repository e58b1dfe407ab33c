/** Two nodes in one process over one hub and one model log, with time that a test moves. */
import assert from 'node:assert/strict'
import { MemoryHub } from '@madang/fanout'
import { FakeClock } from '@madang/fanout/testing'
import type { LogEvent } from '@madang/protocol'
import type { FeedLimits } from '../feed-limits.ts'
import { FeedNode } from './feed-node.ts'
import { idOf, ModelLog } from './model-log.ts'

/** The channel that a test is about, unless it says otherwise. */
export const channel = idOf(1)

export const seqs = (events: readonly LogEvent[]) => events.map((event) => event.seq)

/** `end` stops both nodes, and checks that they leave no topic and no timer behind. */
export async function feedGround(limits: Partial<FeedLimits> = {}) {
  const clock = new FakeClock()
  const hub = new MemoryHub({ defer: (run) => void clock.after(0, run) })
  const model = new ModelLog()
  const node = () => new FeedNode({ hub, clock, model, limits }).start()
  const [a, b] = [await node(), await node()]
  /** Waits for a promise while time goes on in small steps. */
  const during = async <T>(promise: Promise<T>): Promise<T> => {
    let done = false
    const settled = promise.finally(() => {
      done = true
    })
    settled.catch(() => {})
    for (let i = 0; i < 1_000 && !done; i++) await clock.run(1)
    assert.ok(done, 'it settles within a second')
    return settled
  }
  const fill = (count: number, id = channel) => {
    for (let i = 0; i < count; i++) model.append(id)
  }
  const end = async () => {
    await Promise.all([a.stop(), b.stop()])
    assert.deepEqual([clock.timers, hub.topics], [0, 0])
  }
  return { clock, hub, model, a, b, during, fill, end }
}
