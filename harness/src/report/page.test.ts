import assert from 'node:assert/strict'
import { test } from 'node:test'
import { judge } from '../checker/checker.ts'
import { cleanHistory } from '../checker/testing/clean-history.ts'
import type { Row } from '../run/run-all.ts'
import { reportPage } from './page.ts'
import { played } from './testing/played.ts'
import { timelineOf } from './timeline.ts'

test('a report needs nothing but itself, and tells what was wrong', () => {
  const rows: Row[] = [
    played('right'),
    played('wrong'),
    { kind: 'skipped', name: 'other', why: 'nginx not found', isFailure: false },
  ]
  const baseline = { columns: ['system', 'lost'], rows: [['stock', 6]] }
  const page = reportPage({ rows, baseline, where: 'here & now' })
  assert.doesNotMatch(page, /(src|href)=|@import|url\(/)
  assert.match(page, /1 of 3/)
  assert.match(page, /I1: .* the log has nothing/)
  assert.match(page, /nginx not found/)
  assert.match(page, /here &amp; now.*npm run &lt;faults>/s)
})

test('a timeline counts every delivery once, and places faults and silences in it', () => {
  const { evidence, figures } = judge(cleanHistory(2), [])
  const { rates, stepMs, faults, silences, from, to } = timelineOf(evidence)
  const counted = [...rates.ours, ...rates.stock].reduce((sum, rate) => sum + rate, 0)
  assert.equal(Math.round((counted * stepMs) / 1_000), figures.deliveries - before(from, evidence))
  assert.equal(faults.length, 1)
  assert.ok(silences.every((one) => one.from >= 0 && one.from + one.ms <= to))
})

const before = (
  from: number,
  { heard }: { heard: ReadonlyMap<string, readonly { t: number; kind: string }[]> },
) => [...heard.values()].flat().filter(({ t, kind }) => kind === 'wire' && t < from).length
