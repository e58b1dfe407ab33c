import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { NodeRecord, NodeStore } from '../../store/nodes.ts'
import { createFakeClock } from '../../testing/clock.ts'
import { DIRECTORY_LIMITS, Directory } from './directory.ts'

function scene() {
  const clock = createFakeClock()
  const rows = new Map<string, NodeRecord>()
  const errors: unknown[] = []
  const asked = { announced: 0, read: 0 }
  let failure: Error | undefined
  const tried = async <T>(run: () => T): Promise<T> => {
    if (failure) throw failure
    return run()
  }
  const store: NodeStore = {
    announceNode: (node, forgetBefore) =>
      tried(() => {
        asked.announced++
        for (const [id, { seenAt }] of rows) if (seenAt < forgetBefore) rows.delete(id)
        rows.set(node.id, node)
      }),
    nodes: () =>
      tried(() => {
        asked.read++
        return [...rows.values()]
      }),
    forgetNode: (id, secret) =>
      tried(() => {
        if (rows.get(id)?.secret === secret) rows.delete(id)
      }),
  }
  const join = (node: string) =>
    new Directory({
      ...{ store, clock, node },
      random: () => 0.5,
      secret: `secret of ${node}`,
      onError: (error) => errors.push(error),
    })
  const fail = (error: Error | undefined) => {
    failure = error
  }
  return { clock, rows, errors, asked, join, fail }
}

test('a node says where it is before it starts to serve, again and again, and is gone when it stops', async () => {
  const { clock, rows, asked, join } = scene()
  const one = join('one')
  await one.start('10.0.0.1:1')
  assert.equal(rows.get('one')?.address, '10.0.0.1:1')
  await clock.advance(10 * DIRECTORY_LIMITS.announceMs)
  assert.ok(asked.announced >= 9, String(asked.announced))
  assert.ok(clock.now() - (rows.get('one')?.seenAt ?? 0) < 2 * DIRECTORY_LIMITS.announceMs)
  await one.stop()
  await one.stop()
  assert.deepEqual([rows.size, clock.pending], [0, 0])
})

test('a session of a node that has just started is found, whenever the others were read last', async () => {
  const { clock, join } = scene()
  const one = join('one')
  await one.start('a:1')
  assert.equal(await one.find('two'), undefined)
  await join('two').start('a:2')
  const asked = one.find('two')
  await clock.advance(DIRECTORY_LIMITS.readMsMin)
  assert.equal((await asked)?.address, 'a:2')
})

test('any number of unknown names costs the store a few reads, and known ones next to none', async () => {
  const { clock, asked, join } = scene()
  const one = join('one')
  await one.start('a:1')
  await join('two').start('a:2')
  const waits: Promise<unknown>[] = []
  for (let ms = 0; ms < 2_000; ms += 10) {
    for (let i = 0; i < 20; i++) waits.push(one.find(`x${ms}-${i}`), one.find('two'))
    await clock.advance(10)
  }
  await clock.advance(DIRECTORY_LIMITS.readMsMin)
  await Promise.all(waits)
  assert.ok(asked.read <= 10, String(asked.read))
  const before = asked.read
  for (let i = 0; i < 1_000; i++) assert.equal((await one.find('two'))?.address, 'a:2')
  assert.equal(asked.read, before)
})

test('a store that fails is told, does not stop the announcements, and leaves what was known', async () => {
  const { clock, rows, errors, join, fail } = scene()
  const [one, two] = [join('one'), join('two')]
  await one.start('a:1')
  await two.start('a:2')
  assert.ok(await one.find('two'))
  fail(new Error('away'))
  await clock.advance(4 * DIRECTORY_LIMITS.cachedMsMax)
  assert.equal((await one.find('two'))?.address, 'a:2')
  assert.ok(errors.length > 0)
  fail(undefined)
  rows.clear()
  await clock.advance(2 * DIRECTORY_LIMITS.announceMs)
  assert.deepEqual([...rows.keys()].sort(), ['one', 'two'])
})

test('a node that cannot announce itself does not start', async () => {
  const { join, fail } = scene()
  fail(new Error('away'))
  await assert.rejects(join('one').start('a:1'), /away/)
})

test('a silent node is forgotten by those that speak', async () => {
  const { clock, rows, join } = scene()
  await join('one').start('a:1')
  rows.set('dead', { id: 'dead', address: 'a:9', secret: 's', seenAt: clock.now() })
  await clock.advance(DIRECTORY_LIMITS.silentMsMax + 2 * DIRECTORY_LIMITS.announceMs)
  assert.deepEqual([...rows.keys()], ['one'])
})
