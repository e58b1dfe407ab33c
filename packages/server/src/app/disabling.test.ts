// Somebody who may not come in any more, on two nodes over one store: with what carries notes between them, and with none.
import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { MemoryHub } from '@madang/fanout'
import { createSqliteStore } from '../store/sqlite.ts'
import { listenTo } from '../testing/listening.ts'
import { createRestClient, RestRefusal } from '../testing/rest-client.ts'
import { runCli } from '../testing/run-cli.ts'
import { type StartedServer, startServer } from '../testing/start-server.ts'
import { guest, visit } from '../testing/visitor.ts'

const JWT_SECRET = 'k3Vb9wQx7ZpL2mNs8RtY4uHj6GfD1cAe'

interface Ground {
  readonly one: StartedServer
  readonly two: StartedServer
  change(personId: string, change: { operator?: boolean; disabled?: boolean }): Promise<void>
}

async function ground(t: TestContext, hub?: MemoryHub): Promise<Ground> {
  const node = async (dataDir?: string) => {
    const env = { JWT_SECRET, LOG_LEVEL: 'warn', ...(dataDir && { DATA_DIR: dataDir }) }
    return startServer({ env, ...(hub && { surroundings: { broker: hub.newBroker() } }) })
  }
  const one = await node()
  const two = await node(one.config.dataDir)
  t.after(async () => {
    await two.stop()
    await one.stop()
  })
  return {
    one,
    two,
    async change(personId, change) {
      const store = createSqliteStore({ file: `${one.config.dataDir}/madang.db` })
      await store.start()
      assert.ok(await store.changePerson(personId, change))
      await store.stop()
    },
  }
}

/** Somebody with a token of another system. */
async function tokenHolder(): Promise<string> {
  const made = await runCli(['token', 'zed', '--name', 'Zed'], { env: { JWT_SECRET } })
  return made.out.trim()
}

async function connected(node: StartedServer, token: string) {
  const visitor = await visit(node.url, { auth: { token, cursors: {} } })
  const closed = listenTo(visitor.socket).told('closed', () => true)
  return { ...visitor, closed: closed.then(({ error }) => error.code) }
}

test('an operator keeps a guest and the holder of a token out: their connections end on every node, and nothing lets them in until they are enabled', async (t) => {
  const { one, two, change } = await ground(t, new MemoryHub())
  const [ann, bob] = [await guest(one.url, 'Ann'), await guest(one.url, 'Bob')]
  await change(ann.person.id, { operator: true })
  const token = await tokenHolder()
  const bobs = [await connected(one, bob.token), await connected(two, bob.token)]
  const zeds = [await connected(one, token), await connected(two, token)]
  const zed = zeds[0]?.ready.person.id ?? ''
  const disable = (personId: string, disabled: boolean) =>
    ann.rest.call('disablePerson', { params: { personId }, body: { disabled } })
  for (const personId of [bob.person.id, zed]) await disable(personId, true)
  for (const { closed } of [...bobs, ...zeds]) assert.equal(await closed, 'banned')
  for (const node of [one, two]) {
    await assert.rejects(visit(node.url, { auth: { token: bob.token } }), /session_expired/)
    await assert.rejects(visit(node.url, { auth: { token } }), /banned/)
    const rest = createRestClient(node.url, bob.token)
    await assert.rejects(rest.call('listUnread'), RestRefusal)
    await assert.rejects(createRestClient(node.url, token).call('listUnread'), RestRefusal)
  }
  for (const personId of [bob.person.id, zed]) await disable(personId, false)
  for (const node of [one, two]) {
    for (const each of [bob.token, token]) {
      using back = await visit(node.url, { auth: { token: each } })
      assert.equal(back.ready.communities.length, 1)
    }
  }
  const last = (await ann.rest.raw('disablePerson', {
    params: { personId: ann.person.id },
    body: { disabled: true },
  })) satisfies Response
  assert.deepEqual(
    [last.status, ((await last.json()) as { limit?: string }).limit],
    [409, 'operatorsMin'],
  )
  const others = bob.rest.call('disablePerson', {
    params: { personId: ann.person.id },
    body: { disabled: true },
  })
  await assert.rejects(others, RestRefusal)
})

test('where no note tells of it, nodes find out by themselves', { timeout: 60_000 }, async (t) => {
  const { two, one, change } = await ground(t)
  const bob = await guest(one.url, 'Bob')
  const token = await tokenHolder()
  const [bobs, zeds] = [await connected(two, bob.token), await connected(two, token)]
  await change(bob.person.id, { disabled: true })
  await change(zeds.ready.person.id, { disabled: true })
  assert.equal(await bobs.closed, 'session_expired')
  assert.equal(await zeds.closed, 'banned')
})
