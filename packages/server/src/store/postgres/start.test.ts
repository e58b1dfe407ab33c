import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { need } from '../../../../../tests/services/part.ts'
import { postgres } from '../../../../../tests/services/postgres.ts'
import { createPostgresStore } from '../postgres.ts'
import { StoreError } from '../store.ts'
import { asAdmin, newDatabase } from '../testing/postgres-database.ts'
import { Connections } from './connections.ts'

const { skip } = await need(postgres)
const server =
  skip === false
    ? await postgres.start({ password: 'right', args: ['-c', 'max_connections=8'] })
    : undefined
after(() => server?.stop())

const running = () => server ?? assert.fail('there is no server')

async function assertRefused(url: string, line: RegExp): Promise<void> {
  const store = createPostgresStore({ url })
  await assert.rejects(store.start(), (error: unknown) => {
    assert.ok(error instanceof StoreError, String(error))
    assert.equal(error.code, 'unavailable')
    assert.match(error.message, line)
    return true
  })
  await store.stop()
}

/** The same address, but for one part of it. */
function changed(change: (url: URL) => void): string {
  const url = new URL(running().url)
  change(url)
  return url.href
}

test('what is wrong with the way to the database is said in one line', { skip }, async () => {
  await assertRefused('postgres://a@127.0.0.1:1/x', /^Nothing answers at the address/)
  await assertRefused(
    'postgres://a@no-such-host.invalid/x',
    /^The host of the database is not known/,
  )
  await assertRefused(
    changed((url) => {
      url.password = 'wrong'
    }),
    /^[^\n]*user or the password is wrong/,
  )
  await assertRefused(
    changed((url) => {
      url.pathname = '/nothing'
    }),
    /^There is no such database/,
  )
  await assertRefused(
    changed((url) => {
      url.search = '?sslmode=verify-full'
    }),
    /^There is no safe connection/,
  )
})

test('a database that would lose what was acknowledged is refused, with the setting', {
  skip,
}, async () => {
  const { url, remove } = await newDatabase(running())
  const name = new URL(url).pathname.slice(1)
  await asAdmin(url, async (admin) => {
    await admin.query(`alter database ${name} set synchronous_commit = off`)
    await assertRefused(url, /^synchronous_commit is off/)
    await admin.query(`alter database ${name} reset synchronous_commit`)
    for (const setting of ['fsync', 'full_page_writes']) {
      await admin.query(`alter system set ${setting} = off`)
      await admin.query('select pg_reload_conf()')
      await assertRefusedAtLast(url, new RegExp(`^${setting} is off`))
      await admin.query(`alter system reset ${setting}`)
    }
    await admin.query('select pg_reload_conf()')
  })
  await remove()
})

/** The settings of a file reach the server's processes when they get to it. */
async function assertRefusedAtLast(url: string, line: RegExp): Promise<void> {
  for (;;) {
    const store = createPostgresStore({ url })
    try {
      await store.start()
      await store.stop()
    } catch (error) {
      assert.match(String(error instanceof Error && error.message), line)
      return
    }
  }
}

test('a default that is weakened later does not reach our sessions', { skip }, async () => {
  const { url, remove } = await newDatabase(running())
  const name = new URL(url).pathname.slice(1)
  const rules = { statementMsMax: 4_000 }
  const connections = new Connections({ url, rules, connectionsMax: 2, answerMsMax: 10_000 })
  const first = await connections.acquire()
  await asAdmin(url, (admin) =>
    admin.query(`alter database ${name} set synchronous_commit = off;
      alter database ${name} set default_transaction_isolation = 'serializable'`),
  )
  const second = await connections.acquire()
  const told = await second.query(`select current_setting('synchronous_commit') as level,
    current_setting('transaction_isolation') as isolation, current_setting('lock_timeout') as lock,
    current_setting('statement_timeout') as statement`)
  assert.deepEqual(told, [
    { level: 'on', isolation: 'read committed', lock: '2s', statement: '4s' },
  ])
  first.release()
  second.release()
  await connections.close()
  await remove()
})

test('as many connections as the server takes are busy, until one is free', { skip }, async () => {
  const { url, remove } = await newDatabase(running())
  const store = createPostgresStore({ url, connectionsMax: 2 })
  await store.start()
  await asAdmin(url, (admin) =>
    admin.query(
      `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'madang'`,
    ),
  )
  const rules = { statementMsMax: 1_000 }
  const others = new Connections({
    url: running().url,
    rules,
    connectionsMax: 20,
    answerMsMax: 5_000,
  })
  const held = await Promise.allSettled(Array.from({ length: 20 }, () => others.acquire()))
  await assert.rejects(
    async () => {
      for (;;) {
        await store.ping().catch((error) => {
          if (error.code === 'busy') throw error
        })
      }
    },
    (error) => error instanceof StoreError && /as many connections/.test(error.message),
  )
  for (const one of held) if (one.status === 'fulfilled') one.value.release(true)
  await others.close()
  for (;;) {
    const answer = await store.ping().then(
      () => 'served',
      (error) => (error instanceof StoreError ? error.code : assert.fail(String(error))),
    )
    if (answer === 'served') break
  }
  await store.stop()
  await remove()
})
