import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readStatsUrl } from './stats.ts'

test('counts are kept where STATS_URL says', () => {
  assert.deepEqual(readStatsUrl('store'), { kind: 'store' })
  assert.deepEqual(readStatsUrl('off'), { kind: 'off' })
  assert.deepEqual(readStatsUrl('sqlite:/var/lib/stats.db'), {
    kind: 'sqlite',
    file: '/var/lib/stats.db',
  })
  const postgres = 'postgres://u:pw@db:5432/stats'
  assert.deepEqual(readStatsUrl(postgres), { kind: 'postgres', url: postgres })
  assert.deepEqual(readStatsUrl('rediss://r:6380'), { kind: 'redis', url: 'rediss://r:6380' })
})

test('what is no place for counts is refused', () => {
  for (const text of [
    '',
    'on',
    'sqlite:',
    'postgres://db',
    'redis://',
    'http://db/x',
    '/a/file.db',
  ]) {
    assert.equal(readStatsUrl(text), undefined, text)
  }
})
