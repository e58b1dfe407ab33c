/** Waits for a crowd: until all are served, and until nothing moves any more. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Participant } from './participant.ts'

export async function allOnline(crowd: readonly Participant[]): Promise<void> {
  while (!crowd.every((participant) => participant.isOnline())) {
    for (const participant of crowd) participant.reconnect()
    await sleep(50)
  }
}

/** Waits until every send has its answer and all readers are at the same place for a while. */
export async function atRest(crowd: readonly Participant[], msMax: number): Promise<void> {
  const deadline = performance.now() + msMax
  while (performance.now() < deadline) {
    await sleep(200)
    const waiting = crowd.reduce((sum, participant) => sum + participant.waiting(), 0)
    const cursors = new Set(crowd.map((participant) => participant.cursor()))
    if (waiting === 0 && cursors.size === 1) return
  }
}
