import assert from 'node:assert/strict'
import { test } from 'node:test'
import { clusterView } from './cluster-view.ts'

const INFO = 'cluster_state:ok\r\ncluster_current_epoch:6\r\ncluster_my_epoch:2\r\n'
const ASKED = { host: '10.0.0.1', port: 7_001 }

test('the first of each range is its master, the others are replicas', () => {
  const view = clusterView(
    INFO,
    [
      [0, 9_999, ['10.0.0.1', 7_001, 'a', []], ['10.0.0.2', 7_002, 'b', []]],
      [10_000, 16_383, ['10.0.0.3', 7_003, 'c', []]],
    ],
    ASKED,
  )
  assert.equal(view?.epoch, 6)
  assert.deepEqual(
    [0, 9_999, 10_000, 16_383].map((slot) => view?.owners[slot]),
    ['10.0.0.1:7001', '10.0.0.1:7001', '10.0.0.3:7003', '10.0.0.3:7003'],
  )
  assert.deepEqual([...(view?.masters.keys() ?? [])], ['10.0.0.1:7001', '10.0.0.3:7003'])
  assert.equal(view?.nodes.length, 3)
})

test('a slot in no range is served by nobody', () => {
  const view = clusterView(INFO, [[0, 0, ['10.0.0.1', 7_001]]], ASKED)
  assert.deepEqual([view?.owners[0], view?.owners[1]], ['10.0.0.1:7001', undefined])
})

test('a node that does not know its host is the one that was asked', () => {
  for (const host of ['', null, '?']) {
    const view = clusterView(INFO, [[0, 16_383, [host, 7_001]]], ASKED)
    assert.equal(view?.owners[5], '10.0.0.1:7001')
  }
})

test('an answer of another kind is no view', () => {
  assert.equal(clusterView('ERR', [], ASKED), undefined)
  assert.equal(clusterView(INFO, null, ASKED), undefined)
  assert.equal(clusterView(INFO, ['x'], ASKED), undefined)
})
