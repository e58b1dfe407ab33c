import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { FaultRecord, InvokeRecord, WireRecord } from '../history/record.ts'
import { evidenceOf } from './evidence.ts'
import { silencesOf } from './silences.ts'

const channel = 'hall'

const sent = (t: number): InvokeRecord => ({
  ...{ t, channel, kind: 'invoke', deed: 'send', op: `at ${t}` },
  ...{ who: 'ours-1', person: 'mina', clientId: `at ${t}`, text: 'hello' },
})

const heard = (t: number): WireRecord => ({
  ...{ t, channel, kind: 'wire', event: 'created', seq: t, id: `at ${t}` },
  ...{ who: 'ours-2', person: 'jun', author: 'mina', conn: 1, via: 'live' },
})

const fault = (t: number): FaultRecord => ({
  ...{ t, kind: 'fault', phase: 'start', name: 'SIGTERM', target: 'node-1', acted: true },
})

/** Of whom Mina's messages reach at these moments. */
const silence = (sends: number[], deliveries: number[], faults: number[]) =>
  silencesOf(evidenceOf([...sends.map(sent), ...deliveries.map(heard), ...faults.map(fault)])).get(
    'ours-2',
  )

test('the longest time between two deliveries is a silence where others sent meanwhile', () => {
  assert.deepEqual(silence([12, 14], [10, 20, 21], []), { from: 10, ms: 10 })
  assert.deepEqual(silence([12], [10, 20, 21], []), { from: 10, ms: 0 })
})

test('what was over before the first fault is no silence, what lasts into it is', () => {
  const sends = [12, 14, 31, 32]
  assert.deepEqual(silence(sends, [10, 20, 30, 33], [25]), { from: 30, ms: 3 })
  assert.deepEqual(silence(sends, [10, 20, 30, 33], [19, 25]), { from: 10, ms: 10 })
})
