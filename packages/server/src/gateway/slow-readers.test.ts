import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Session } from './session.ts'
import { slowReaders } from './slow-readers.ts'
import type { Connection } from './wire.ts'

const connection = (id: string, bytesQueued: number) =>
  ({
    ...{ id, bytesQueued, transport: 'websocket' },
    state: { person: { id: `p${id}`, name: `name of ${id}`, kind: 'guest' } },
  }) as unknown as Connection<Session>

test('those with most bytes queued come first, so many at most, and nobody who has only a little', () => {
  const all = [
    connection('a', 20_000),
    connection('b', 100),
    connection('c', 900_000),
    connection('d', 50_000),
  ]
  assert.deepEqual(slowReaders(all, 2), [
    {
      connection: 'c',
      person: { id: 'pc', name: 'name of c' },
      transport: 'websocket',
      bytesQueued: 900_000,
    },
    {
      connection: 'd',
      person: { id: 'pd', name: 'name of d' },
      transport: 'websocket',
      bytesQueued: 50_000,
    },
  ])
  assert.deepEqual(
    slowReaders(all, 10).map(({ connection: id }) => id),
    ['c', 'd', 'a'],
  )
  assert.deepEqual(slowReaders([], 10), [])
})
