import assert from 'node:assert/strict'
import { test } from 'node:test'
import { BrokerWatch } from './broker-watch.ts'

function scene() {
  let now = 0
  const lines: string[] = []
  const note = (level: string) => (facts: object, text?: string) =>
    void lines.push(`${level} ${text} ${JSON.stringify(facts)}`)
  const log = { info: note('info'), warn: note('warn') }
  const watch = new BrokerWatch({ name: 'redis', clock: { monotonic: () => now }, log })
  const pass = (ms: number) => {
    now += ms
  }
  const hear = (connected: boolean, detail = '') => watch.heard({ connected, detail })
  return { watch, lines, pass, hear }
}

test('one line when it goes away, whatever becomes of the attempts, and one when it is back', () => {
  const { watch, lines, pass, hear } = scene()
  hear(true, 'at 1')
  for (const why of ['refused', 'no answer', 'refused']) {
    hear(false, why)
    pass(1_000)
  }
  assert.equal(watch.awayMs, 3_000)
  hear(true, 'at 1')
  pass(5_000)
  assert.deepEqual([watch.outages, watch.awayMs], [1, 3_000])
  assert.deepEqual(
    lines.map((line) => line.slice(0, 23)),
    ['info The broker is ther', 'warn The broker is away', 'info The broker is back'],
  )
  assert.match(lines[1] ?? '', /"detail":"refused"/)
  assert.match(lines[2] ?? '', /after 3\.0 s.*"awayMs":3000/)
})

test('an absence at the start is one like any other', () => {
  const { watch, lines, pass, hear } = scene()
  hear(false)
  pass(10)
  hear(true)
  hear(false)
  pass(5)
  assert.deepEqual([watch.outages, watch.awayMs, lines.length], [2, 15, 3])
})
