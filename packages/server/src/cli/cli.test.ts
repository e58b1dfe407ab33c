import assert from 'node:assert/strict'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, type TestContext, test } from 'node:test'
import { createRestClient } from '../testing/rest-client.ts'
import { runCli, startCli } from '../testing/run-cli.ts'
import { type SpawnedServer, type SpawnOptions, spawnServer } from '../testing/spawn-server.ts'
import { COMMANDS } from './commands.ts'
import { durationOf, shortTime } from './durations.ts'
import { helpOf, overview } from './help.ts'
import { table, widthOf } from './table.ts'

const secret = 'k3Vb9wQx7ZpL2mNs8RtY4uHj6GfD1cAe'

async function serve(t: TestContext, options: SpawnOptions = {}): Promise<SpawnedServer> {
  const server = await spawnServer(options)
  t.after(() => server.stop())
  return server
}

const settingsOf = (server: SpawnedServer) => ({
  DATA_DIR: server.dataDir,
  PORT: new URL(server.url).port,
})

async function guest(server: SpawnedServer, name: string) {
  const stranger = createRestClient(server.url)
  const { person, session } = await stranger.call('createGuest', { body: { name } })
  return { person, rest: stranger.as(session.token) }
}

async function folder(t: TestContext): Promise<string> {
  const made = await mkdtemp(join(tmpdir(), 'madang-cli-'))
  t.after(() => rm(made, { recursive: true, force: true }))
  return made
}

/** One line for the operator, and no stack. */
const isOneLine = (err: string) => assert.match(err, /^madang: [^\n]+\n$/)

describe('what is said of the commands', { concurrency: 2 }, () => {
  test('without a word, and with --help, all of them are named', async () => {
    const [bare, asked] = await Promise.all([runCli([]), runCli(['--help'])])
    assert.deepEqual([bare.code, asked.code], [64, 0])
    assert.equal(asked.out, overview(COMMANDS))
    assert.equal(bare.out, asked.out)
    assert.match((await runCli(['--version'])).out, /^\d+\.\d+\.\d+\n$/)
  })

  for (const command of COMMANDS.filter(({ words }) => words !== undefined)) {
    test(`${command.name} --help says its own, and asks nobody`, async () => {
      const { code, out, err } = await runCli([command.name, '--help'], {
        env: { DATABASE_URL: 'nonsense' },
      })
      assert.deepEqual([code, out, err], [0, helpOf(command), ''])
    })
  }

  test('start --help is the help of the server', async () => {
    const { code, out } = await runCli(['start', '--help'])
    assert.equal(code, 0)
    assert.match(out, /DATABASE_URL/)
  })

  test('what is wrong in a command line is one line and 64', async () => {
    const wrong = [
      ['nonsense'],
      ['user'],
      ['user', 'rename', 'x'],
      ['user', 'disable'],
      ['user', 'disable', 'x', 'y'],
      ['operator', 'add'],
      ['top', '--nonsense'],
      ['top', 'extra'],
      ['token'],
      ['token', 'x', '--expires', 'soon'],
      ['drain'],
      ['drain', '--pid', 'me'],
      ['stats', '--csv', '--json'],
      ['doctor', '--connections', 'many'],
    ]
    for (const args of wrong) {
      const { code, out, err } = await runCli(args)
      assert.deepEqual([args.join(' '), code, out], [args.join(' '), 64, ''])
      isOneLine(err)
    }
  })

  test('what cannot be done is one line, 1 or 78, and no stack', async (t) => {
    const env = { DATA_DIR: await folder(t), PORT: '9' }
    const none = await runCli(['user', 'list'], { env })
    assert.equal(none.code, 1)
    assert.match(none.err, /no database in DATA_DIR/)
    isOneLine(none.err)
    const wrong = await runCli(['user', 'list'], { env: { ...env, PORT: 'x' } })
    assert.equal(wrong.code, 78)
    isOneLine(wrong.err)
    const away = { ...env, DATABASE_URL: 'postgres://u@127.0.0.1:9/none' }
    for (const args of [['user', 'list'], ['migrate'], ['operator', 'list']]) {
      const { code, err } = await runCli(args, { env: away })
      assert.equal(code, 1)
      isOneLine(err)
    }
    const { code, err } = await runCli(['top', '--once'], { env: { ...env, OPERATOR_TOKEN: 'x' } })
    assert.equal(code, 1)
    assert.match(err, /No server answers/)
    isOneLine(err)
  })
})

test('migrate makes the database, and once is enough', async (t) => {
  const env = { DATA_DIR: join(await folder(t), 'data') }
  for (let times = 0; times < 2; times += 1) {
    const { code, out } = await runCli(['migrate'], { env })
    assert.equal(code, 0)
    assert.match(out, /madang\.db has the schema \d{4}-[a-z-]+\.\n$/)
  }
  assert.match((await runCli(['operator', 'list'], { env })).out, /Nobody is an operator/)
})

test('the first operator is made beside a running server, and sees it with top, stats and drain', async (t) => {
  const server = await serve(t, { env: { NODE_ID: 'only', DRAIN_SECONDS: '0' } })
  const env = settingsOf(server)
  const [ann, other] = [await guest(server, 'Ann 마당'), await guest(server, 'Bob')]
  await guest(server, 'Bob')
  const top = () => runCli(['top', '--once'], { env })
  assert.match((await top()).err, /Nobody is an operator yet/)
  const twice = await runCli(['operator', 'add', 'Bob'], { env })
  assert.equal(twice.code, 1)
  assert.match(twice.err, new RegExp(other.person.id))
  const made = await runCli(['operator', 'add', 'Ann 마당'], { env })
  assert.deepEqual([made.code, made.err], [0, ''])
  assert.equal((await ann.rest.call('getSession')).operator, true)
  assert.match((await runCli(['operator', 'list'], { env })).out, /Ann 마당/)
  const table = await top()
  assert.equal(table.code, 0)
  assert.match(table.out, /^only +ready +\d/m)
  const stats = await runCli(['stats', '--json'], { env })
  assert.ok(Array.isArray(JSON.parse(stats.out).hours), stats.err)
  assert.match(
    (await runCli(['stats', '--csv', '--since', '1h'], { env })).out,
    /^at,node,name,value\r\n/,
  )
  const unknown = await runCli(['drain', 'none'], { env })
  assert.match(unknown.err, /there are only\./)
  const drained = await runCli(['drain', 'only'], { env })
  assert.deepEqual([drained.code, drained.err], [0, ''])
  assert.match(drained.out, /only: gone\n$/)
  assert.equal(await server.exited(), 0)
})

test('top goes on until it is interrupted, and then ends cleanly', async (t) => {
  const server = await serve(t)
  const env = settingsOf(server)
  const { person } = await guest(server, 'Ann')
  await runCli(['operator', 'add', person.id], { env })
  const { child, said } = startCli(['top'], { env })
  const looks = () => said.out.match(/NODE/g)?.length ?? 0
  while (looks() < 2 && child.exitCode === null) await once(child.stdout ?? child, 'data')
  child.kill('SIGINT')
  const [code] = await once(child, 'close')
  assert.deepEqual([code, said.err], [0, ''])
})

test('a process of this host is drained by its number', async (t) => {
  const server = await serve(t, { env: { DRAIN_SECONDS: '0' } })
  const { code, out } = await runCli(['drain', '--pid', String(server.pid)])
  assert.equal(code, 0)
  assert.match(out, /gone\n$/)
  assert.equal(await server.exited(), 0)
})

test('people are listed, found and renamed, and get a session', async (t) => {
  const server = await serve(t)
  const env = settingsOf(server)
  const { person, rest } = await guest(server, 'Ann')
  await guest(server, 'Bob')
  assert.match((await runCli(['user', 'list', 'an'], { env })).out, /Ann\n$/)
  const json = (await runCli(['user', 'list', '--json'], { env })).out.trim().split('\n')
  assert.deepEqual(
    json.map((line) => JSON.parse(line).person.name),
    ['Madang', 'Ann', 'Bob'],
  )
  const renamed = await runCli(['user', 'rename', 'Ann', 'Anna'], { env })
  assert.equal(renamed.out, `Ann (${person.id}) is called Anna now.\n`)
  assert.equal((await rest.call('getSession')).person.name, 'Anna')
  assert.equal((await runCli(['user', 'rename', 'Anna', ' '], { env })).code, 1)
  assert.match((await runCli(['user', 'rename', 'Zed', 'X'], { env })).err, /Nobody has/)
  const token = (await runCli(['token', '--person', 'Anna'], { env })).out.trim()
  const again = await createRestClient(server.url, token).call('getSession')
  assert.equal(again.person.id, person.id)
})

test('somebody is kept out and let in again, but never the last operator', async (t) => {
  const server = await serve(t)
  const env = settingsOf(server)
  const [ann, bob] = [await guest(server, 'Ann'), await guest(server, 'Bob')]
  const run = (...args: string[]) => runCli(['user', ...args], { env })
  // Nobody could tell the server, but the store knows.
  assert.match((await run('disable', 'Bob')).out, /^Bob \(.+\) is kept out; .+ within a minute/)
  await assert.rejects(bob.rest.call('getSession'))
  assert.equal((await run('enable', 'Bob')).out, `Bob (${bob.person.id}) is let in again.\n`)
  assert.equal((await bob.rest.call('getSession')).person.name, 'Bob')
  await runCli(['operator', 'add', 'Ann'], { env })
  const last = await run('disable', 'Ann')
  assert.equal(last.code, 1)
  assert.match(last.err, /last operator/)
  assert.equal((await ann.rest.call('getSession')).operator, true)
  const { code, out } = await run('disable', 'Bob')
  assert.deepEqual(
    [code, out],
    [0, `Bob (${bob.person.id}) is kept out; their connections have ended.\n`],
  )
  assert.match((await run('list', 'Bob')).out, /guest +- +- +yes/)
})

test('a signed token is taken by a server with the same secret', async (t) => {
  const settings = { JWT_SECRET: secret, JWT_ISSUER: 'https://id.example', JWT_AUDIENCE: 'chat' }
  const server = await serve(t, { env: settings })
  const made = await runCli(['token', 'bot-7', '--name', 'Helpful bot'], { env: settings })
  const { person } = await createRestClient(server.url, made.out.trim()).call('getSession')
  assert.deepEqual([person.name, person.kind], ['Helpful bot', 'account'])
  const bare = await runCli(['token', 'bot-7'])
  assert.equal(bare.code, 1)
  assert.match(bare.err, /JWT_SECRET is not set/)
})

test('settings of .env count, and one that cannot be used is told', async (t) => {
  const cwd = await folder(t)
  await writeFile(join(cwd, '.env'), 'DATA_DIR=./here\n')
  assert.match((await runCli(['migrate'], { cwd })).out, /here\/madang\.db/)
})

test('times, as people write and read them', () => {
  assert.deepEqual(
    ['90s', '15m', '1h', '30d'].map(durationOf),
    [90_000, 900_000, 3_600_000, 2_592_000_000],
  )
  for (const wrong of ['', '0s', '1y', '-1h', '400d', '1.5h'])
    assert.throws(() => durationOf(wrong))
  assert.deepEqual([5_000, 65_000, 3_700_000, 90_000_000].map(shortTime), [
    '5s',
    '1m 5s',
    '1h 1m',
    '1d 1h',
  ])
})

test('columns stand below each other, also where letters are wide, and a name moves no cursor', () => {
  assert.equal(widthOf('마당 a'), 6)
  const text = table(
    ['NAME', 'N'],
    [
      ['마당', '1'],
      ['a\u001b[2J', '20'],
    ],
  )
  assert.equal(text, 'NAME    N\n마당    1\na?[2J  20\n')
})
