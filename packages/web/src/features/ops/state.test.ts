import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ClusterView } from '@madang/protocol'
import { newNode, newView } from './node.case.ts'
import { NOTHING_SEEN, type OpsInput, type OpsState, stepOps } from './state.ts'

const after = (...inputs: readonly OpsInput[]): OpsState => inputs.reduce(stepOps, NOTHING_SEEN)
const seen = (view: ClusterView): OpsInput => ({ kind: 'view', view, by: 'live' })

const draining = newNode('n2', { phase: 'draining', drain: { connections: 7, left: 0, forMs: 5 } })

test('a node that drained and left the directory is gone; one that vanished is not told as drained', () => {
  const state = after(
    seen(newView(1_000, newNode('n1'), draining, newNode('n3'))),
    seen(newView(2_000, newNode('n1'))),
  )
  assert.deepEqual(state.gone, [{ id: 'n2', at: 2_000, connections: 7 }])
})

test('a node that drained and did not answer before it left the directory is gone all the same', () => {
  const silent = { id: 'n2', phase: 'silent' as const, seenAt: 1_500, why: 'busy' }
  const last = seen(newView(1_000, draining))
  const away: OpsInput = { kind: 'view', view: { ...newView(2_000), silent: [silent] }, by: 'live' }
  assert.deepEqual(after(last, away).gone, [])
  assert.deepEqual(
    after(last, away, seen(newView(3_000))).gone.map(({ id, at }) => [id, at]),
    [['n2', 3_000]],
  )
})

test('a node that was told to drain, and is gone before the next look, has drained', () => {
  const told: OpsInput = { kind: 'drain', id: 'n2' }
  const state = after(seen(newView(1_000, newNode('n2'))), told, seen(newView(2_000)))
  assert.deepEqual(state.gone, [{ id: 'n2', at: 2_000, connections: 0 }])
})

test('who is gone is forgotten when it is back, and after two minutes', () => {
  const gone = [seen(newView(1_000, draining)), seen(newView(2_000))]
  assert.equal(after(...gone).gone.length, 1)
  assert.deepEqual(after(...gone, seen(newView(3_000, newNode('n2')))).gone, [])
  assert.deepEqual(after(...gone, seen(newView(200_000))).gone, [])
})

test('an older look that comes late changes nothing', () => {
  const state = after(seen(newView(2_000, newNode('n1'))), seen(newView(1_000)))
  assert.equal(state.view?.at, 2_000)
})

test('lost is told with its reason, and a look heals it', () => {
  const error = { code: 'unavailable', text: '', retry: 'later' } as const
  const lost = after({ kind: 'lost', error })
  assert.deepEqual([lost.mode, lost.error], ['asking', error])
  const back = stepOps(lost, seen(newView(1_000)))
  assert.deepEqual([back.mode, back.error], ['live', undefined])
})

test('whoever follows something else begins with nothing', () => {
  const entries = [{ id: 1, node: 'a', at: 1, step: 'asked' as const }]
  const one = after({ kind: 'follow', target: { personId: 'p' } }, { kind: 'trace', entries })
  assert.equal(one.entries.length, 1)
  assert.deepEqual(stepOps(one, { kind: 'follow', target: undefined }).entries, [])
})
