// The dashboard and the alerts: every metric and label in them is one that nodes have.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { METRICS } from '@madang/server/reference'
import { z } from 'zod'
import { documentOf, isThere, NODE_PORT, shaped, textOf } from './files.ts'

const DASHBOARD = 'deploy/grafana/dashboard.json'
const ALERTS = 'deploy/prometheus/alerts.yaml'
const PROMETHEUS = 'deploy/prometheus/prometheus.yaml'

/** Labels that Prometheus itself writes. */
const SCRAPED = ['job', 'instance', 'le']
/** What Prometheus itself knows of a node. */
const OWN = ['up']

interface Row {
  readonly kind: string
  readonly labels?: readonly string[]
}
const rows: Readonly<Record<string, Row>> = METRICS

const Alerts = z.strictObject({
  groups: z.array(
    z.strictObject({
      name: z.string(),
      rules: z.array(
        z.strictObject({
          alert: z.string().regex(/^Madang[A-Z]\w+$/),
          expr: z.string(),
          for: z.string().regex(/^\d+[smh]$/),
          labels: z.strictObject({ severity: z.enum(['page', 'ticket']) }),
          annotations: z.strictObject({ summary: z.string(), action: z.string() }),
        }),
      ),
    }),
  ),
})

const Panel = z.looseObject({
  id: z.int(),
  type: z.enum(['row', 'stat', 'timeseries']),
  title: z.string().min(1),
  gridPos: z.strictObject({ h: z.int(), w: z.int(), x: z.int(), y: z.int() }),
  targets: z.array(z.looseObject({ refId: z.string(), expr: z.string() })).optional(),
})
const Dashboard = z.looseObject({
  uid: z.string(),
  title: z.string(),
  schemaVersion: z.int(),
  templating: z.strictObject({ list: z.array(z.looseObject({ name: z.string() })) }),
  annotations: z.strictObject({ list: z.array(z.looseObject({ expr: z.string() })) }),
  panels: z.array(Panel),
})

/** What is wrong with a PromQL expression, as far as names go. Pure. */
export function objectionsTo(expr: string): readonly string[] {
  const found: string[] = []
  const bare = expr.replaceAll(/"[^"]*"/g, '""')
  for (const [open, close] of ['()', '{}', '[]']) {
    if (bare.split(open ?? '').length !== bare.split(close ?? '').length) found.push('brackets')
  }
  const metrics = [...bare.matchAll(/\b((?:madang|redis|http|process|nodejs)_\w+|up)\b/g)]
  if (metrics.length === 0) found.push('no metric')
  const labels = new Set(SCRAPED)
  for (const [, name = ''] of metrics) {
    if (OWN.includes(name)) continue
    const base = name.replace(/_(bucket|sum|count)$/, '')
    const row = rows[name] ?? (rows[base]?.kind === 'histogram' ? rows[base] : undefined)
    if (row === undefined) found.push(`no metric ${name}`)
    else if (row.kind === 'histogram' && name === base) found.push(`${name} is a histogram`)
    else if (row.kind === 'counter' && !/\b(rate|increase)\(/.test(bare))
      found.push(`${name} only grows`)
    for (const label of row?.labels ?? []) labels.add(label)
  }
  const used = [
    ...[...bare.matchAll(/\{([^}]*)\}/g)].flatMap(([, inner = '']) =>
      [...inner.matchAll(/(\w+)\s*(?:=~|!~|!=|=)/g)].map(([, label = '']) => label),
    ),
    ...[...bare.matchAll(/\b(?:by|on) \(([^)]*)\)/g)].flatMap(([, inner = '']) =>
      inner.split(/,\s*/),
    ),
  ]
  for (const label of used) if (!labels.has(label)) found.push(`no label ${label}`)
  return found
}

const dashboard = shaped(DASHBOARD, JSON.parse(textOf(DASHBOARD)), Dashboard)
const alerts = documentOf(ALERTS, Alerts).groups.flatMap(({ rules }) => rules)

test('every expression of the dashboard is about metrics and labels that nodes have', () => {
  const panels = dashboard.panels.filter(({ type }) => type !== 'row')
  assert.ok(panels.length > 10)
  for (const { title, targets = [] } of panels) {
    assert.ok(targets.length > 0, title)
    for (const { expr } of targets) assert.deepEqual(objectionsTo(expr), [], `${title}: ${expr}`)
  }
  for (const { expr } of dashboard.annotations.list) assert.deepEqual(objectionsTo(expr), [], expr)
})

test('every expression of the alerts is about metrics and labels that nodes have, and each says what to do', () => {
  assert.ok(alerts.length > 5)
  assert.equal(new Set(alerts.map(({ alert }) => alert)).size, alerts.length)
  for (const { alert, expr, annotations } of alerts) {
    assert.deepEqual(objectionsTo(expr), [], `${alert}: ${expr}`)
    assert.ok(annotations.action.length > 20, alert)
  }
})

test('a code that an alert waits for is one that requests are refused with', () => {
  const errors = textOf('docs/reference/errors.md')
  for (const { expr } of alerts) {
    for (const [, codes = ''] of expr.matchAll(/code=~"([^"]+)"/g)) {
      for (const code of codes.split('|')) assert.ok(errors.includes(`| \`${code}\` |`), code)
    }
  }
})

test('panels are numbered, and none lies on another', () => {
  const { panels } = dashboard
  assert.equal(new Set(panels.map(({ id }) => id)).size, panels.length)
  for (const [at, { title, gridPos: a }] of panels.entries()) {
    assert.ok(a.x + a.w <= 24, title)
    const hit = panels.slice(at + 1).find(({ gridPos: b }) => {
      return a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h
    })
    assert.equal(hit, undefined, `${title} lies on ${hit?.title}`)
  }
})

test('Prometheus scrapes nodes, and reads the alerts', () => {
  const text = textOf(PROMETHEUS)
  const [, list = ''] = /rule_files: \[([^\]]+)\]/.exec(text) ?? []
  for (const name of list.split(', ')) assert.ok(isThere(`deploy/prometheus/${name}`), name)
  const [, targets = ''] = /targets: \[([^\]]+)\]/.exec(text) ?? []
  for (const target of targets.split(', ')) assert.match(target, new RegExp(`:${NODE_PORT}'$`))
  assert.match(text, /job_name: madang$/m)
})

test('the rules above see what they are for', () => {
  assert.deepEqual(objectionsTo('sum(rate(madang_nothing_total[5m]))'), [
    'no metric madang_nothing_total',
  ])
  assert.deepEqual(objectionsTo('sum by (colour) (madang_sockets)'), ['no label colour'])
  assert.deepEqual(objectionsTo('madang_sockets{colour="a"}'), ['no label colour'])
  assert.deepEqual(objectionsTo('madang_deliveries_total'), ['madang_deliveries_total only grows'])
  assert.deepEqual(objectionsTo('sum(madang_sockets'), ['brackets'])
  assert.deepEqual(objectionsTo('sum by (transport) (madang_sockets{job="a"})'), [])
})
