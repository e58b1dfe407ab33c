import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { need } from '../../../../../tests/services/part.ts'
import { postgres } from '../../../../../tests/services/postgres.ts'
import { createPostgresStore } from '../postgres.ts'
import { type Store, StoreError } from '../store.ts'
import { Ground, outcomeOf } from '../testing/ground.ts'
import { asAdmin, newDatabase } from '../testing/postgres-database.ts'
import { Connections } from './connections.ts'

const { skip } = await need(postgres)
const server = skip === false ? await postgres.start() : undefined
after(() => server?.stop())

const running = () => server ?? assert.fail('there is no server')

const refusedWith = (code: string, text: RegExp) => (error: unknown) =>
  error instanceof StoreError && error.code === code && text.test(error.message)

/** A started store over a database of its own, with one person in one channel. */
async function withChannel(
  run: (at: Awaited<ReturnType<typeof begin>>) => Promise<void>,
  options: { connectionsMax?: number; statementMsMax?: number } = {},
): Promise<void> {
  const database = await newDatabase(running())
  const store = createPostgresStore({ url: database.url, connectionsMax: 4, ...options })
  try {
    await store.start()
    await run(await begin(store, database.url))
  } finally {
    await store.stop()
    await database.remove()
  }
}

async function begin(store: Store, url: string) {
  const ground = new Ground(store)
  const ann = await ground.person('ann')
  const { id } = await ground.channel(await ground.community(ann), [ann])
  const say = (text: string, clientId?: string) =>
    store.append([ground.message(id, ann, text, clientId)])
  return { store, url, ground, ann, channelId: id, say }
}

/** Repeats what is refused for now, as clients do; anything else is a failure. */
async function atLast<T>(run: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await run()
    } catch (error) {
      assert.ok(
        refusedWith('unavailable', /./)(error) || refusedWith('busy', /./)(error),
        `${error}`,
      )
      await wait(10)
    }
  }
}

/** Sixteen senders who repeat what they are not told about, until all of them were answered so often. */
async function sendThrough(
  { channelId, ground, say }: Awaited<ReturnType<typeof begin>>,
  answersMin: number,
  meanwhile: (answers: () => number) => Promise<void>,
): Promise<void> {
  const answered = new Map<string, number>()
  let isOver = false
  const sender = async (number: number) => {
    for (let n = 0; !isOver || answered.size < answersMin; n += 1) {
      const clientId = `${number}-${n}`
      const [result] = await atLast(() => say('x', clientId))
      assert.ok(result && result.outcome !== 'refused' && result.event, JSON.stringify(result))
      answered.set(clientId, result.event.seq)
    }
  }
  const senders = Promise.all(Array.from({ length: 16 }, (_, number) => sender(number)))
  await Promise.race([meanwhile(() => answered.size), senders])
  isOver = true
  await senders
  const log = await ground.log(channelId)
  assert.deepEqual(
    log.map(({ seq }) => seq),
    log.map((_, index) => index + 1),
  )
  assert.equal(log.length, answered.size + 1, 'each is there once')
  for (const [clientId, seq] of answered) {
    const event = log[seq - 1]
    assert.ok(event?.kind === 'created' && event.clientId === clientId, clientId)
  }
}

async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await isSo())) await wait(5)
}

test(
  'PostgreSQL killed with -9 in the middle of appending: everything answered is there, and the store goes on',
  {
    skip,
  },
  () =>
    withChannel((at) =>
      sendThrough(at, 900, async (answers) => {
        for (const count of [200, 400, 600]) {
          await until(() => answers() >= count)
          await running().kill()
          await atLastRestart()
        }
      }),
    ),
)

/** Its orphaned children hold on to the folder for a moment. */
async function atLastRestart(): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await running().restart()
    } catch (error) {
      if (tries === 5) throw error
    }
  }
}

test('connections that are cut, in use and idle, are replaced', { skip }, () =>
  withChannel(async (at) => {
    const cut = () =>
      asAdmin(at.url, (admin) =>
        admin.query(
          `select pg_terminate_backend(pid) from pg_stat_activity
           where datname = current_database() and application_name = 'madang'`,
        ),
      )
    await sendThrough(at, 600, async (answers) => {
      for (const count of [100, 200, 300, 400]) {
        await until(() => answers() >= count)
        await cut()
      }
    })
    await cut()
    await atLast(() => at.store.ping())
  }),
)

test(
  'a lock of somebody else is busy, reads and writes alike, and gone when it is let go',
  {
    skip,
  },
  () =>
    withChannel(
      ({ url, store, say }) =>
        asAdmin(url, async (admin) => {
          await admin.query('begin; lock table channels')
          await assert.rejects(say('x', 'once'), refusedWith('busy', /lock/))
          await assert.rejects(store.ping(), refusedWith('busy', /lock/))
          await admin.query('rollback')
          const [result] = await atLast(() => say('x', 'once'))
          assert.equal(outcomeOf(result), 'appended')
        }),
      { statementMsMax: 1_000 },
    ),
)

test(
  'an append waits for a removal that is under way, and is refused when it is done',
  {
    skip,
  },
  () =>
    withChannel(async ({ url, store, ground, ann, channelId }) => {
      const bob = await ground.person('bob')
      const channel = await store.channel(channelId)
      const communityId = channel?.communityId ?? ''
      for (const kind of ['created', 'renamed'] as const) {
        await ground.enroll(communityId, bob, null)
        await ground.enroll(communityId, bob, 'member')
        const join = { kind: 'joined', subject: bob, role: 'member' } as const
        await ground.append(channelId, bob, join, 'community')
        await asAdmin(url, async (admin) => {
          const isWaiting = async (count: number) => {
            // Within a transaction it would show the same for ever.
            await admin.query('select pg_stat_clear_snapshot()')
            const { rowCount } = await admin.query(
              `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
            )
            return rowCount === count
          }
          await admin.query('begin')
          await admin.query('select from community_members where person_id = $1 for update', [
            bob.id,
          ])
          const removal = ground.enroll(communityId, bob, null)
          await until(() => isWaiting(1))
          const entry =
            kind === 'created'
              ? ground.message(channelId, bob, 'racing')
              : ground.entry(channelId, bob, { kind, name: 'x', topic: '' }, 'member')
          const append = store.append([entry])
          await Promise.race([append, until(() => isWaiting(2))])
          await admin.query('commit')
          await removal
          assert.equal(outcomeOf((await append)[0]), 'not_member', kind)
        })
      }
      assert.equal(
        outcomeOf((await store.append([ground.message(channelId, ann, 'x')]))[0]),
        'appended',
      )
    }),
)

test('more callers than connections wait, so many at most, and are all answered', { skip }, () =>
  withChannel(
    async ({ url, store, channelId }) => {
      const callers = 1_200
      await asAdmin(url, async (admin) => {
        await admin.query('begin; lock table channels')
        const calls = Array.from({ length: callers }, () => store.heads([channelId]))
        const settled = Promise.allSettled(calls)
        await admin.query('rollback')
        const outcomes = await settled
        const refused = outcomes.filter((call) => call.status === 'rejected')
        assert.ok(refused.length > 0 && refused.length <= callers - 1_000, `${refused.length}`)
        assert.ok(refused.every(({ reason }) => refusedWith('busy', /1000 calls wait/)(reason)))
      })
      assert.equal((await store.heads([channelId])).get(channelId), 1)
    },
    { connectionsMax: 2, statementMsMax: 60_000 },
  ),
)

test('a database that became read-only is unavailable until it takes writes again', { skip }, () =>
  withChannel(async ({ url, say }) => {
    const name = new URL(url).pathname.slice(1)
    const set = (value: string) =>
      asAdmin(url, async (admin) => {
        await admin.query(`alter database ${name} set default_transaction_read_only = ${value}`)
        await admin.query(
          `select pg_terminate_backend(pid) from pg_stat_activity where datname = '${name}' and pid <> pg_backend_pid()`,
        )
      })
    await set('on')
    await assert.rejects(
      async () => {
        for (;;) {
          await say('x', 'once').catch((error) => {
            if (/read-only/.test(error.message)) throw error
          })
        }
      },
      refusedWith('unavailable', /read-only/),
    )
    await asAdmin(`${url}?options=-c%20default_transaction_read_only=off`, (admin) =>
      admin.query(`alter database ${name} reset default_transaction_read_only`),
    )
    assert.equal(outcomeOf((await atLast(() => say('x', 'once')))[0]), 'appended')
  }),
)

test('a server that says nothing any more is given up, and its connection too', {
  skip,
}, async () => {
  const { url, remove } = await newDatabase(running())
  const rules = { statementMsMax: 60_000 }
  const connections = new Connections({ url, rules, connectionsMax: 1, answerMsMax: 2_000 })
  const connection = await connections.acquire()
  const [backend] = await connection.query<{ pid: number }>('select pg_backend_pid() as pid')
  const pid = backend?.pid ?? assert.fail()
  process.kill(pid, 'SIGSTOP')
  await assert.rejects(connection.query('select 1'))
  connection.release()
  const next = await connections.acquire()
  assert.notDeepEqual(await next.query('select pg_backend_pid() as pid'), [backend])
  next.release()
  process.kill(pid, 'SIGCONT')
  await connections.close()
  await remove()
})
