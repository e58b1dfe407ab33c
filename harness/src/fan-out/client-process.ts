/** Many clients in one process, which count what arrives and take the time of a sample of it. */
import type { Socket } from 'node:net'
import { setTimeout } from 'node:timers/promises'
import { percentile } from '../percentile.ts'
import { connect } from './client.ts'
import { dueAt, nowUs } from './message.ts'
import { serve } from './worker.ts'

/** Handshakes at the same time: a server's backlog is short. */
const HANDSHAKES_MAX = 50
/** Every so many deliveries one is looked into; a prime, so that it goes round the sockets of a room. */
const SAMPLE_EVERY = 7

const sockets: Socket[] = []
let arrived = 0
let latenciesMs: number[] = []

function onMessage(payload: Buffer): void {
  arrived += 1
  if (arrived % SAMPLE_EVERY === 0 || arrived < 2_000)
    latenciesMs.push((nowUs() - dueAt(payload)) / 1_000)
}

const tasks = {
  async connect({ port, count }: { port: number; count: number }): Promise<void> {
    for (let done = 0; done < count; done += HANDSHAKES_MAX) {
      const some = Math.min(HANDSHAKES_MAX, count - done)
      sockets.push(
        ...(await Promise.all(Array.from({ length: some }, () => connect(port, onMessage)))),
      )
    }
  },

  reset(): void {
    arrived = 0
    latenciesMs = []
  },

  /** Resolves when so many have arrived, or nothing more has for some seconds; and a moment later, so that what is too many counts too. */
  async arrived({ expected, patienceMs }: { expected: number; patienceMs: number }) {
    let [seen, quietMs] = [-1, 0]
    while (arrived < expected && quietMs < patienceMs) {
      quietMs = arrived === seen ? quietMs + 20 : 0
      seen = arrived
      await setTimeout(20)
    }
    await setTimeout(20)
    return {
      arrived,
      p50Ms: percentile(latenciesMs, 0.5),
      p99Ms: percentile(latenciesMs, 0.99),
    }
  },
}
export type ClientTasks = typeof tasks

serve(tasks)
