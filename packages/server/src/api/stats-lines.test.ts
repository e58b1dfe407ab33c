import assert from 'node:assert/strict'
import { test } from 'node:test'
import { statsLines } from './stats-lines.ts'

const at = Date.UTC(2026, 0, 2, 3)

test('each value is a line, and a name that looks like a formula is none', () => {
  const text = statsLines({
    ...{ from: at, to: at + 1 },
    hours: [{ at, messages: { text: 3, live: 1 }, events: { created: 4 } }],
    samples: [{ at, node: '=a"b,c', cpu: 0.5, lagP99Ms: 2, residentBytes: 10, connections: 1 }],
  })
  assert.deepEqual(text.split('\r\n'), [
    'at,node,name,value',
    '2026-01-02T03:00:00.000Z,,messages.text,3',
    '2026-01-02T03:00:00.000Z,,messages.live,1',
    '2026-01-02T03:00:00.000Z,,events.created,4',
    `2026-01-02T03:00:00.000Z,"'=a""b,c",cpu,0.5`,
    `2026-01-02T03:00:00.000Z,"'=a""b,c",lagP99Ms,2`,
    `2026-01-02T03:00:00.000Z,"'=a""b,c",residentBytes,10`,
    `2026-01-02T03:00:00.000Z,"'=a""b,c",connections,1`,
    '',
  ])
})
