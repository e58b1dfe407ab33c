import assert from 'node:assert/strict'
import { test } from 'node:test'
import { killNine } from './kill-nine.ts'

test('ten times kill -9 during 200 sends a second loses, doubles and reorders nothing', {
  timeout: 300_000,
}, async (t) => {
  const report = await killNine({
    kills: 10,
    sendsPerSecond: 200,
    lifeMs: 1_000,
    restMsMax: 60_000,
    progress: (line) => t.diagnostic(line),
  })
  assert.deepEqual(report.verdict.witness, [])
  assert.equal(report.verdict.vacuous, false)
  assert.ok(report.acknowledged > 1_000, `only ${report.acknowledged} messages were acknowledged`)
})
