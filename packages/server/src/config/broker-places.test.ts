import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { placesMax, readNatsServers, readRedisPlaces } from './broker-places.ts'

const server = (url: string) => ({ kind: 'server', url })

test('one Redis server, with and without port, credentials and TLS', () => {
  assert.deepEqual(readRedisPlaces('redis://localhost'), [server('redis://localhost:6379')])
  assert.deepEqual(readRedisPlaces('redis://10.0.0.1:7000'), [server('redis://10.0.0.1:7000')])
  assert.deepEqual(readRedisPlaces('redis://localhost/0'), [server('redis://localhost:6379')])
  assert.deepEqual(readRedisPlaces('rediss://me:p%40ss@a:1'), [server('rediss://me:p%40ss@a:1')])
  assert.deepEqual(readRedisPlaces('redis://:secret@[::1]:6380'), [
    server('redis://:secret@[::1]:6380'),
  ])
})

test('several servers are partitions', () => {
  assert.deepEqual(readRedisPlaces('redis://a:1, redis://b:2,redis://c'), [
    server('redis://a:1'),
    server('redis://b:2'),
    server('redis://c:6379'),
  ])
})

test('a cluster is known by some of its nodes', () => {
  assert.deepEqual(readRedisPlaces('redis+cluster://u:p@a:7000,b:7001,c'), [
    { kind: 'cluster', urls: ['redis://u:p@a:7000', 'redis://u:p@b:7001', 'redis://u:p@c:6379'] },
  ])
})

test('a master is known by its sentinels and its name', () => {
  for (const text of [
    'redis+sentinel://:pw@a:26380,b/main',
    'redis+sentinel://:pw@a:26380, b/main',
  ])
    assert.deepEqual(readRedisPlaces(text), [
      {
        kind: 'sentinel',
        name: 'main',
        sentinels: [
          { host: 'a', port: 26_380 },
          { host: 'b', port: 26_379 },
        ],
        url: 'redis://:pw@a:26380',
      },
    ])
  assert.equal(readRedisPlaces('redis+sentinel://a/main')?.[0]?.kind, 'sentinel')
})

for (const text of [
  ...[
    '',
    ',',
    'localhost:6379',
    'http://a',
    'redis://',
    'redis://a,',
    'redis://a,b',
    'redis://a/1',
  ],
  ...[
    'redis://a?x=1',
    'redis://a#x',
    'redis://a:70000',
    'redis+cluster://a/1',
    'redis+cluster://a,b c',
  ],
  ...['redis+sentinel://a', 'redis+sentinel://a,b', 'redis+sentinel://a/x/y', 'redis+shard://a'],
  ...['redis+sentinel://a/x,b/y', 'redis+cluster://a,u:p@b', 'redis://a,redis://a'],
  Array.from({ length: placesMax + 1 }, (_, i) => `redis://h${i}`).join(),
]) {
  test(`REDIS_URL=${JSON.stringify(text.slice(0, 40))} is no address`, () => {
    assert.equal(readRedisPlaces(text), undefined)
  })
}

test('servers of one NATS cluster', () => {
  assert.deepEqual(readNatsServers('nats://a:4222, tls://u:p@b'), ['nats://a:4222', 'tls://u:p@b'])
  for (const text of ['', 'a:4222', 'nats://', 'nats://a/x', 'http://a', 'nats://a,']) {
    assert.equal(readNatsServers(text), undefined, text)
  }
})

test('any text is an address or none, never an exception', () => {
  const part = fc.constantFrom(
    'redis',
    '+cluster',
    '+sentinel',
    '://',
    'a',
    ':1',
    '/',
    ',',
    '@',
    '[',
  )
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.array(part).map((parts) => parts.join('')),
  )
  fc.assert(
    fc.property(text, (given) => {
      for (const place of readRedisPlaces(given) ?? []) {
        if (place.kind === 'cluster') for (const url of place.urls) assert.ok(URL.canParse(url))
        else assert.ok(URL.canParse(place.url))
      }
      for (const url of readNatsServers(given) ?? []) assert.ok(URL.canParse(url))
    }),
  )
})
