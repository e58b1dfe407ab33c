import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { HistoryRecord } from '../history/record.ts'
import { evidenceOf } from './evidence.ts'
import { silencesOf } from './silences.ts'

const CHANNEL = 'c'

/** Mina sends at these moments, Jun hears at those, and each fault starts when it is said. */
function history(sentAt: readonly number[], heardAt: readonly number[], faultAt: number[]) {
  const records: HistoryRecord[] = [
    ...sentAt.map((t, at) => ({
      ...({
        t,
        kind: 'invoke',
        who: 'ours-1',
        person: 'mina',
        op: `op-${at}`,
        deed: 'send',
      } as const),
      ...{ channel: CHANNEL, clientId: `id-${at}`, text: 'hello' },
    })),
    ...heardAt.map((t, at) => ({
      ...({ t, kind: 'wire', who: 'ours-2', person: 'jun', conn: 1, via: 'live' } as const),
      ...({
        channel: CHANNEL,
        seq: at + 1,
        id: `m-${at}`,
        event: 'created',
        author: 'mina',
      } as const),
    })),
    ...faultAt.map((t) => ({
      ...({
        t,
        kind: 'fault',
        phase: 'start',
        name: 'SIGTERM',
        target: 'node-1',
        acted: true,
      } as const),
    })),
  ]
  return silencesOf(evidenceOf(records)).get('ours-2')
}

test('the longest time between two deliveries is a silence where others sent meanwhile', () => {
  assert.deepEqual(history([12, 14], [10, 20, 21], []), { from: 10, ms: 10 })
  assert.deepEqual(history([12], [10, 20, 21], []), { from: 10, ms: 0 })
})

test('what was over before the first fault is no silence, what lasts into it is', () => {
  const sends = [12, 14, 31, 32]
  assert.deepEqual(history(sends, [10, 20, 30, 33], [25]), { from: 30, ms: 3 })
  assert.deepEqual(history(sends, [10, 20, 30, 33], [19, 25]), { from: 10, ms: 10 })
})
