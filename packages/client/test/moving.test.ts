import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { startServer } from '@madang/server/testing'
import { guest, loaded, messages, texts, until } from './people.case.ts'
import { startRelay } from './relay.case.ts'

/** Two nodes over one store. */
async function twoNodes() {
  const folder = await mkdtemp(join(tmpdir(), 'madang-moving-'))
  const env = { DATA_DIR: folder, DRAIN_SECONDS: '0' }
  const old = await startServer({ env })
  const next = await startServer({ env })
  const stop = async (): Promise<void> => {
    await Promise.all([old.stop(), next.stop()])
    await rm(folder, { recursive: true, force: true })
  }
  return { old, next, [Symbol.asyncDispose]: stop }
}

test('a node that drains hands its people over: no gap, nothing missing, nothing twice', {
  timeout: 120_000,
}, async () => {
  await using nodes = await twoNodes()
  await using relay = await startRelay(nodes.old.url)
  await using ann = await guest(relay.url, 'Ann')
  await using bob = await guest(nodes.next.url, 'Bob')
  const hers = await loaded(ann, ann.hall)
  const his = await loaded(bob, ann.hall)
  const nodeOf = () => ann.client.session.snapshot().connection.node
  const oldNode = nodeOf()
  const statuses = new Set<string>()
  ann.client.session.subscribe(() => {
    statuses.add(ann.client.session.snapshot().connection.status)
  })
  const doubles: string[] = []
  hers.subscribe(() => {
    const keys = messages(hers.snapshot()).map((item) => item.key)
    if (new Set(keys).size < keys.length) doubles.push(keys.join())
  })
  relay.lead(nodes.next.url)
  const drained = nodes.old.app.drain()
  let count = 0
  const talk = async (): Promise<void> => {
    count += 1
    hers.send(`ann ${count}`)
    his.send(`bob ${count}`)
    const text = `sent ann ${count}`
    await until(hers, (view) => texts(view).includes(text))
  }
  // All the while that she moves, and once more when she has.
  while (nodeOf() === oldNode) await talk()
  await talk()
  await drained
  await nodes.old.stop()
  await talk()
  const isAll = (view: Parameters<typeof messages>[0]): boolean =>
    messages(view).length === 2 * count && messages(view).every((item) => item.state === 'sent')
  const [left, right] = await Promise.all([until(hers, isAll), until(his, isAll)])
  assert.deepEqual(texts(left), texts(right))
  assert.notEqual(nodeOf(), oldNode)
  assert.deepEqual([...statuses], ['online'])
  assert.deepEqual(doubles, [])
})
