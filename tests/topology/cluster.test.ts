// One command runs the whole topology, a conversation goes across all of its nodes, and nothing of it stays behind.
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { type TestContext, test } from 'node:test'
import { eventually } from '../e2e/eventually.ts'
import { nats } from '../services/nats.ts'
import { nginx } from '../services/nginx.ts'
import { need, type Part } from '../services/part.ts'
import { postgres } from '../services/postgres.ts'
import { redis } from '../services/redis.ts'
import { Crowd } from './crowd.ts'
import { isAlive, type PartRow, RunningCluster } from './running-cluster.ts'

const PEOPLE_MAX = 24
const ROUNDS = 3

async function skipWithout(...parts: readonly Part[]): Promise<string | false> {
  const answers = await Promise.all(parts.map((part) => need(part)))
  return answers.find(({ skip }) => skip !== false)?.skip ?? false
}

const nodesOf = (rows: readonly PartRow[]): readonly PartRow[] =>
  rows.filter(({ name }) => name.startsWith('node-'))

/** People come in through nginx until every node has one of them. */
async function crowdOnEveryNode(cluster: RunningCluster): Promise<Crowd> {
  const crowd = new Crowd(cluster.url)
  const isEverywhere = async () => {
    const nodes = nodesOf(await cluster.rows())
    return nodes.length > 0 && nodes.every(({ sockets }) => sockets > 0)
  }
  do await crowd.join()
  while (crowd.size < 3 || (crowd.size < PEOPLE_MAX && !(await isEverywhere())))
  assert.ok(await isEverywhere(), `${crowd.size} people are not on every node`)
  return crowd
}

type Act = (cluster: RunningCluster, crowd: Crowd, tell: (what: string) => void) => Promise<void>

/** The body of a test: the cluster, people on all of its nodes, and afterwards nothing left of either. */
function on(args: readonly string[], act: Act) {
  return async (context: TestContext): Promise<void> => {
    const cluster = await RunningCluster.start(args)
    let crowd: Crowd | undefined
    try {
      crowd = await crowdOnEveryNode(cluster)
      const people = crowd
      await act(cluster, people, (what) =>
        context.diagnostic(
          `${args.join(' ')}: longest delay ${what}: ${people.takeLongestMs()} ms`,
        ),
      )
      const pids = (await cluster.rows()).map(({ pid }) => pid).filter((pid) => pid !== 0)
      crowd.leave()
      assert.equal(await cluster.end('SIGINT'), 0, cluster.output)
      assert.match(cluster.output, /Stopped\.\n$/)
      await eventually(() => assert.deepEqual(pids.filter(isAlive), []))
    } finally {
      crowd?.leave()
      await cluster.end('SIGTERM')
    }
  }
}

test(
  'Redis is killed in the middle of a conversation across three nodes and comes back: nothing is missing; a node that crashes is told of',
  { skip: await skipWithout(nginx, redis, postgres) },
  on(['--broker', 'redis'], async (cluster, crowd, tell) => {
    // Their requests arrive at all three nodes in turn.
    await crowd.join('polling')
    await crowd.join('polling', 'websocket')
    await crowd.talk('with Redis', ROUNDS)
    tell('with Redis')
    await cluster.type('kill redis', /redis is gone/)
    await crowd.talk('without Redis', ROUNDS)
    tell('without Redis, everybody talking')
    // Nothing else is said that would show the others' nodes a hole.
    await crowd.talk('alone without Redis', 1, 1)
    tell('without Redis, one message')
    await cluster.type('start redis', /redis is running/)
    await crowd.talk('with Redis again', ROUNDS)
    tell('after Redis came back')
    crowd.leave()
    const third = nodesOf(await cluster.rows()).at(-1)
    assert.ok(third !== undefined && third.pid > 0)
    process.kill(third.pid, 'SIGKILL')
    await eventually(() => assert.match(cluster.output, /node-3 ended by itself \(SIGKILL\)/))
  }),
)

test(
  'a conversation goes across three nodes over a Redis Cluster',
  { skip: await skipWithout(nginx, redis, postgres) },
  on(['--broker', 'redis-cluster'], async (_cluster, crowd, tell) => {
    await crowd.talk('over a cluster', ROUNDS)
    tell('over six Redis servers')
  }),
)

test(
  'a conversation goes across three nodes over NATS, on one PostgreSQL',
  { skip: await skipWithout(nginx, nats, postgres) },
  on(['--broker', 'nats'], async (cluster, crowd, tell) => {
    // A browser says where its page is from; nginx must not take the port off the name that it asks for.
    const answer = await fetch(`${cluster.url}/api/guests`, {
      method: 'POST',
      headers: { origin: cluster.url, 'content-type': 'application/json' },
      body: JSON.stringify({ name: 'Mina' }),
    })
    assert.equal(answer.status, 201, await answer.text())
    await crowd.talk('over NATS', ROUNDS)
    tell('over NATS')
  }),
)

test(
  'a conversation goes across two nodes without any broker',
  { skip: await skipWithout(nginx) },
  on(['--broker', 'none', '--store', 'sqlite', '--nodes', '2'], async (_cluster, crowd, tell) => {
    await crowd.talk('through the store', ROUNDS)
    tell('through the store alone')
  }),
)

test('a part that is missing is named, with what to do', async () => {
  const before = process.env.NGINX_BIN
  process.env.NGINX_BIN = '/nowhere/nginx'
  try {
    await assert.rejects(
      RunningCluster.start([]),
      /nginx not at \$NGINX_BIN; correct it or unset it/,
    )
  } finally {
    if (before === undefined) delete process.env.NGINX_BIN
    else process.env.NGINX_BIN = before
  }
})

test('a port that is taken is named before anything is started', async () => {
  const other = createServer().listen(0, '127.0.0.1')
  try {
    await once(other, 'listening')
    const { port } = other.address() as AddressInfo
    await assert.rejects(
      RunningCluster.start(['--broker', 'none', '--store', 'sqlite', '--port', String(port)]),
      (error: Error) => {
        assert.match(error.message, new RegExp(`ended with 1:\\nmadang: Port ${port} is taken: `))
        return !error.message.includes('Starting')
      },
    )
  } finally {
    other.close()
  }
})
