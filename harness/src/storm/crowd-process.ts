/** One process of those who come all at once. */
import { constants, setPriority } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'
import { serve } from '../fan-out/worker.ts'
import { RawClient, type Tries } from './raw-client.ts'

export interface StormOrder {
  readonly url: string
  readonly tokens: readonly string[]
  readonly count: number
  readonly channelId: string
  readonly cursor: number
  readonly patienceMs: number
}

export interface StormOutcome {
  readonly entered: number
  readonly tries: Tries
  readonly replayed: number
  /** From the beginning until each was in, in ms. */
  readonly enteredMs: readonly number[]
}

let clients: RawClient[] = []

const tasks = {
  /** All come in this very moment; resolves when all are in, or patience is over. */
  async storm(order: StormOrder): Promise<StormOutcome> {
    const { url, tokens, count, channelId, cursor, patienceMs } = order
    const began = performance.now()
    const enteredMs: number[] = []
    clients = Array.from({ length: count }, (_, at) => {
      const token = tokens[at % tokens.length] ?? ''
      return new RawClient({ url, token, cursors: { [channelId]: cursor } })
    })
    const all = Promise.all(
      clients.map(async (client) => {
        await client.come()
        enteredMs.push(performance.now() - began)
      }),
    )
    await Promise.race([all, sleep(patienceMs, undefined, { ref: false })])
    const tries: Tries = { unread: 0, told: 0, failed: 0 }
    let [entered, replayed] = [0, 0]
    for (const client of clients) {
      if (client.isIn) entered += 1
      replayed += client.replayed
      for (const why of ['unread', 'told', 'failed'] as const) tries[why] += client.tries[why]
    }
    return { entered, tries, replayed, enteredMs }
  },

  leave(): void {
    for (const client of clients) client.leave()
  },
}
export type CrowdTasks = typeof tasks

// They stand for thousands of machines, and must not take the node's processor from it.
setPriority(constants.priority.PRIORITY_LOW)
serve(tasks)
