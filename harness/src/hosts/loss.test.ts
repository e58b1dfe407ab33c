import assert from 'node:assert/strict'
import { test } from 'node:test'
import { droppedOf, losingOf } from './loss.ts'

test('what nft is told: so many of what arrives at each link', () => {
  assert.equal(
    losingOf('madang_42_1', ['front', 'back'], 5),
    [
      'table netdev madang_42_1 {',
      'chain front { type filter hook ingress device "front" priority 0; numgen random mod 100 < 5 counter drop; }',
      'chain back { type filter hook ingress device "back" priority 0; numgen random mod 100 < 5 counter drop; }',
      '}\n',
    ].join('\n'),
  )
})

test('packets that were lost are counted over all links', () => {
  const rule = (packets: number) => ({
    rule: { expr: [{ match: {} }, { counter: { packets, bytes: 900 } }, { drop: null }] },
  })
  const shown = { nftables: [{ metainfo: {} }, { table: {} }, { chain: {} }, rule(4), rule(3)] }
  assert.equal(droppedOf(JSON.stringify(shown)), 7)
  assert.equal(droppedOf('{"nftables":[]}'), 0)
})
