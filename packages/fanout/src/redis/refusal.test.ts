import assert from 'node:assert/strict'
import { test } from 'node:test'
import { refusalOf } from './refusal.ts'

test('a slot that is elsewhere names where, whatever the host looks like', () => {
  for (const [host, said] of [
    ['10.0.0.1', '10.0.0.1:7001'],
    ['', ':7001'],
    ['fe80::1', 'fe80::1:7001'],
    ['node.example', 'node.example:7001'],
  ] as const) {
    assert.deepEqual(refusalOf(new Error(`MOVED 3999 ${said}`)), {
      kind: 'moved',
      slot: 3_999,
      address: { host, port: 7_001 },
    })
  }
})

test('what passes by itself may be asked again, the rest may not', () => {
  const kinds = [
    'CLUSTERDOWN The cluster is down',
    'LOADING Redis is loading the dataset in memory',
    'NOPERM this user has no permissions',
    'Connection is closed.',
  ].map((message) => refusalOf(new Error(message)).kind)
  assert.deepEqual(kinds, ['later', 'later', 'never', 'never'])
  assert.equal(refusalOf(undefined).kind, 'never')
})
