import assert from 'node:assert/strict'
import { test } from 'node:test'
import { METRICS, type MetricRow } from './metric-table.ts'
import { createMetrics, metricNames } from './metrics.ts'

/** Metric → its kind, as the page says. */
function kindsOf(page: string): Map<string, string> {
  return new Map(
    [...page.matchAll(/^# TYPE (\S+) (\S+)$/gm)].map(([, name = '', kind = '']) => [name, kind]),
  )
}

test('every row of the table is on the page with its kind and its words, and nothing else is', async () => {
  const { type, body } = await createMetrics().page()
  assert.match(type, /^text\/plain; version=0\.0\.4/)
  const kinds = kindsOf(body)
  assert.deepEqual([...kinds.keys()].toSorted(), [...metricNames].toSorted())
  for (const name of metricNames) {
    assert.equal(kinds.get(name), METRICS[name].kind)
    assert.ok(body.includes(`# HELP ${name} ${METRICS[name].help}\n`), name)
  }
})

test('names are as Prometheus has them: the unit last, counters end in total', () => {
  const rows: [string, MetricRow][] = Object.entries(METRICS)
  for (const [name, { kind, help, labels = [] }] of rows) {
    assert.match(name, /^(http|redis|madang|process|nodejs)(_[a-z0-9]+)+$/)
    assert.equal(kind === 'counter', name.endsWith('_total'), name)
    if (kind === 'histogram') assert.match(name, /_(seconds|bytes|entries)$/)
    assert.match(help, /^[A-Z].*\.$/, name)
    for (const label of labels) assert.match(label, /^[a-z_]+$/)
  }
})

test('what is counted, observed and watched is on the page', async () => {
  const metrics = createMetrics()
  metrics.count('madang_events_appended_total', { kind: 'created' })
  metrics.count('madang_events_appended_total', { kind: 'created' }, 2)
  metrics.observe('madang_append_batch_entries', {}, 7)
  let topics = 3
  metrics.watch('madang_topics_held', () => [{ labels: {}, value: topics }])
  const { body } = await metrics.page()
  assert.match(body, /^madang_events_appended_total\{kind="created"\} 3$/m)
  assert.match(body, /^madang_append_batch_entries_bucket\{le="10"\} 1$/m)
  assert.match(body, /^madang_append_batch_entries_bucket\{le="5"\} 0$/m)
  assert.match(body, /^madang_topics_held 3$/m)
  topics = 4
  assert.match((await metrics.page()).body, /^madang_topics_held 4$/m)
})

test('a sample that is gone is off the page, and a watcher that throws disturbs no other', async () => {
  const metrics = createMetrics()
  let connected = true
  metrics.watch('redis_connection_status', () =>
    connected ? [{ labels: { broker: 'redis' }, value: 1 }] : [],
  )
  metrics.watch('madang_sockets', () => {
    throw new Error('not now')
  })
  metrics.watch('process_cpu_seconds_total', () => [{ labels: {}, value: 5 }])
  const before = (await metrics.page()).body
  assert.match(before, /^redis_connection_status\{broker="redis"\} 1$/m)
  assert.match(before, /^process_cpu_seconds_total 5$/m)
  connected = false
  const after = (await metrics.page()).body
  assert.doesNotMatch(after, /^redis_connection_status\{/m)
  assert.match(after, /^process_cpu_seconds_total 5$/m)
})

test('a label that is hostile cannot break the page', async () => {
  const metrics = createMetrics()
  metrics.count('madang_disconnects_total', { reason: 'a"}\nfake_metric 1\n' })
  assert.doesNotMatch((await metrics.page()).body, /^fake_metric/m)
})
