import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { HistoryRecord } from '../history/record.ts'
import { lossesOf } from './losses.ts'

const heard = (who: string, id: string): HistoryRecord => ({
  ...{ t: 1, kind: 'wire', who, person: who, conn: 1, via: 'live', channel: 'hall', seq: 0 },
  ...{ id, event: 'created', author: 'a' },
})
const acknowledged = (op: string): HistoryRecord => ({ t: 0, kind: 'ok', op, who: 'a' })

test('what was acknowledged and did not come is lost, and what came again is repeated', () => {
  const records = [
    ...[acknowledged('1'), acknowledged('2')],
    ...[heard('a', '1'), heard('a', '2'), heard('b', '1'), heard('b', '1')],
    // Never acknowledged: nobody was promised anything.
    heard('a', '3'),
  ]
  assert.deepEqual(lossesOf(records, ['a', 'b', 'c']), { expected: 6, lost: 3, repeated: 1 })
})
