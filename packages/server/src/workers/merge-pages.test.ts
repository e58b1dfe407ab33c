import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createMetrics } from '../ops/metrics.ts'
import { mergePages } from './merge-pages.ts'

const facts = { wanted: 3, starting: 1, ready: 2, leaving: 0, replaced: 4, stopping: false }

async function pageOf(worker: number) {
  const metrics = createMetrics()
  metrics.count('madang_handshakes_total', { outcome: `o"k} ${worker}` }, worker)
  metrics.observe('madang_append_batch_entries', {}, worker)
  return { worker, body: (await metrics.page()).body }
}

test('one page has the samples of all workers, each with whose it is, under one head', async () => {
  const merged = mergePages([await pageOf(12), await pageOf(3)], facts)
  const lines = merged.split('\n')
  assert.deepEqual(
    lines.filter((line) => line.includes('madang_handshakes_total')),
    [
      '# HELP madang_handshakes_total Handshakes of sockets, by outcome: "ok", or the code of the refusal.',
      '# TYPE madang_handshakes_total counter',
      String.raw`madang_handshakes_total{worker="3",outcome="o\"k} 3"} 3`,
      String.raw`madang_handshakes_total{worker="12",outcome="o\"k} 12"} 12`,
    ],
  )
  assert.ok(lines.includes('madang_append_batch_entries_bucket{worker="12",le="25"} 1'))
  assert.ok(lines.includes('madang_append_batch_entries_sum{worker="12"} 12'))
  const heads = lines.filter((line) => line.startsWith('# TYPE'))
  assert.deepEqual(heads, [...new Set(heads)])
  assert.ok(merged.endsWith('\n') && !merged.includes('\n\n'))
})

test('what only the primary knows is said once', async () => {
  const merged = mergePages([await pageOf(1), await pageOf(2)], facts)
  const own = merged.split('\n').filter((line) => /^madang_workers/.test(line))
  assert.deepEqual(own, [
    'madang_workers{state="wanted"} 3',
    'madang_workers{state="starting"} 1',
    'madang_workers{state="ready"} 2',
    'madang_workers{state="leaving"} 0',
    'madang_workers_replaced_total 4',
  ])
})

test('a worker that answered nothing is left out', async () => {
  const one = await pageOf(1)
  assert.equal(mergePages([one, { worker: 2, body: '' }], facts), mergePages([one], facts))
})
