import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { WIRE_VERSION } from '@madang/protocol'
import { io, type Socket } from 'socket.io-client'
import { helpText } from './config/help.ts'
import { ask } from './testing/http.ts'
import { createRestClient } from './testing/rest-client.ts'
import { SpawnFailure, type SpawnOptions, spawnServer } from './testing/spawn-server.ts'

const MAIN = join(import.meta.dirname, 'main.ts')

/** Runs the process to its end. */
async function run(args: readonly string[], env: Record<string, string> = {}, cwd = tmpdir()) {
  const child = spawn(process.execPath, [MAIN, ...args], {
    cwd,
    env: { PATH: process.env.PATH, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let [stdout, stderr] = ['', '']
  child.stdout.on('data', (piece) => {
    stdout += piece
  })
  child.stderr.on('data', (piece) => {
    stderr += piece
  })
  const [code]: (number | null)[] = await once(child, 'close')
  return { code, stdout, stderr }
}

async function refusalOf(options: SpawnOptions): Promise<SpawnFailure> {
  try {
    await using server = await spawnServer(options)
    assert.fail(`it started at ${server.url}`)
  } catch (error) {
    assert.ok(error instanceof SpawnFailure, String(error))
    return error
  }
}

const isOneLine = (text: string) => assert.match(text, /^madang: [^\n]+\n$/)

function connect(url: string): Promise<Socket> {
  // By the wire's number a client says that it knows what `goaway` is, and is given time.
  const auth = { name: 'sock', wire: WIRE_VERSION }
  const socket = io(url, { auth, transports: ['websocket'], forceNew: true })
  return new Promise((resolve, reject) => {
    socket.once('ready', () => resolve(socket))
    socket.once('connect_error', (error) => {
      socket.disconnect()
      reject(error)
    })
  })
}

describe('the process, before it is a server', { concurrency: true }, () => {
  it('prints its help or its version, and exits with 0', async () => {
    assert.deepEqual(await run(['--help']), { code: 0, stdout: helpText(), stderr: '' })
    const { code, stdout } = await run(['--version'])
    assert.equal(code, 0)
    assert.match(stdout, /^\d+\.\d+\.\d+\n$/)
  })

  it('refuses a wrong setting with one line and 78', async () => {
    const { code, stdout, stderr } = await run(['--port', 'abc'])
    assert.deepEqual([code, stdout], [78, ''])
    isOneLine(stderr)
    assert.match(stderr, /PORT is "abc"/)
  })

  it('reads .env where it is started, and the environment comes first', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'madang-env-'))
    try {
      await writeFile(join(folder, '.env'), 'PORT=from-the-file\nGUESTS=maybe\n')
      const { code, stderr } = await run([], { PORT: '0' }, folder)
      assert.equal(code, 78)
      assert.match(stderr, /^madang: GUESTS is "maybe"[^\n]*\n$/)
    } finally {
      await rm(folder, { recursive: true })
    }
  })

  it('refuses a port in use with one line and 1', async () => {
    const other = createServer().listen(0, '127.0.0.1')
    await once(other, 'listening')
    const { port } = other.address() as AddressInfo
    try {
      const { code, output } = await refusalOf({ env: { PORT: String(port) } })
      assert.equal(code, 1)
      isOneLine(output)
      assert.match(output, new RegExp(`PORT is ${port}, but something else listens there`))
    } finally {
      other.close()
    }
  })

  it('refuses a data folder that cannot be written to with one line and 1', async () => {
    const { code, output } = await refusalOf({ dataDir: '/dev/null/data' })
    assert.equal(code, 1)
    isOneLine(output)
    assert.match(output, /DATA_DIR is "\/dev\/null\/data"/)
  })

  it('refuses a database that is none with one line and 1', async () => {
    const dataDir = await mkdtemp(join(tmpdir(), 'madang-broken-'))
    try {
      await writeFile(join(dataDir, 'madang.db'), 'this is a diary, not a database. '.repeat(200))
      const { code, output } = await refusalOf({ dataDir })
      assert.equal(code, 1)
      isOneLine(output)
      assert.match(output, /The store in DATA_DIR/)
    } finally {
      await rm(dataDir, { recursive: true })
    }
  })
})

describe('the process, told to stop', () => {
  it('answers every request that is under way, then exits with 0', async () => {
    await using server = await spawnServer()
    const rest = createRestClient(server.url)
    // A password takes its time to be hashed, so all of these are under way for a while.
    const asked = Array.from({ length: 12 }, (_, index) =>
      rest.raw('createAccount', {
        body: { login: `ann${index}`, password: 'correct horse battery', name: 'Ann' },
      }),
    )
    await Promise.race(asked)
    const exited = server.kill('SIGTERM')
    const statuses = await Promise.all(asked.map(async (answer) => (await answer).status))
    assert.deepEqual(new Set(statuses), new Set([201]))
    assert.equal(await exited, 0, server.output())
  })

  it('drains and exits with 0 when its terminal is gone', async () => {
    await using server = await spawnServer()
    assert.equal(await server.kill('SIGHUP'), 0, server.output())
    assert.match(server.output(), /SIGTERM: draining/)
  })

  it('is alive but not ready while it moves its connections, and tells them to go', async () => {
    await using server = await spawnServer()
    const socket = await connect(server.url)
    try {
      const told = new Promise((resolve) => socket.once('goaway', resolve))
      const exited = server.kill('SIGTERM')
      assert.ok(await told)
      const readiness = await ask(`${server.url}/health/readiness`)
      assert.equal(readiness.status, 503)
      assert.equal(JSON.parse(readiness.body).phase, 'draining')
      assert.equal((await ask(`${server.url}/health/liveness`)).status, 200)
      await assert.rejects(connect(server.url))
      assert.equal(await exited, 0, server.output())
    } finally {
      socket.disconnect()
    }
  })

  for (const [signal, afterMs, code] of [
    // The same signal at once would be the echo of the first.
    ['SIGTERM', 600, 143],
    ['SIGINT', 0, 130],
  ] as const) {
    it(`exits at once with ${code} when it is told so again by ${signal}`, async () => {
      await using server = await spawnServer({ env: { DRAIN_SECONDS: '20' } })
      const sockets = await Promise.all([connect(server.url), connect(server.url)])
      try {
        const told = Promise.any(
          sockets.map((socket) => new Promise((resolve) => socket.once('goaway', resolve))),
        )
        server.signal('SIGTERM')
        await told
        await sleep(afterMs)
        assert.equal(await server.kill(signal), code)
      } finally {
        for (const socket of sockets) socket.disconnect()
      }
    })
  }
})

describe('the process, started again', () => {
  it('knows everybody and everything that it acknowledged before it was killed', async () => {
    await using first = await spawnServer()
    const stranger = createRestClient(first.url)
    const { session, person } = await stranger.call('createGuest', { body: { name: 'Ann' } })
    const ann = stranger.as(session.token)
    const channelId = (await ann.call('listUnread')).channels[0]?.channelId ?? assert.fail()
    const body = { clientId: 'c-1', text: 'before' }
    const sent = await ann.call('createMessage', { params: { channelId }, body })
    await first.kill('SIGKILL')

    await using second = await first.restart()
    assert.equal(second.url, first.url)
    assert.notEqual(second.pid, first.pid)
    assert.deepEqual((await ann.call('getSession')).person, person)
    const again = await ann.call('createMessage', { params: { channelId }, body })
    assert.deepEqual(again, { ...sent, duplicate: true })
    const { events } = await ann.call('listMessages', { params: { channelId } })
    const texts = events.flatMap((event) => (event.kind === 'created' ? [event.text] : []))
    assert.deepEqual(texts, ['before'])
  })
})

describe('the log', () => {
  it('has no secret and nothing that somebody wrote, even at its most talkative', async () => {
    await using server = await spawnServer({ env: { LOG_LEVEL: 'trace' } })
    const stranger = createRestClient(server.url)
    const account = { login: 'canary-login', password: 'canary-password', name: 'canary-name' }
    const { session } = await stranger.call('createAccount', { body: account })
    const rest = stranger.as(session.token)
    const channelId = (await rest.call('listUnread')).channels[0]?.channelId ?? assert.fail()
    const body = { clientId: 'c-1', text: 'canary-text' }
    await rest.call('createMessage', { params: { channelId }, body })
    await stranger.raw('createSession', { body: { login: 'a', password: 'canary-wrong' } })
    await ask(`${server.url}/api/session?token=${session.token}`, {
      headers: {
        authorization: `Bearer ${session.token}`,
        cookie: `madang_session=${session.token}`,
      },
    })
    const socket = io(server.url, { auth: { token: session.token }, transports: ['websocket'] })
    await new Promise((resolve) => socket.once('ready', resolve))
    await socket.emitWithAck('send', { channelId, clientId: 'c-2', text: 'canary-socket' })
    await socket.emitWithAck('canary-event', { text: 'canary-nonsense' })
    socket.disconnect()
    assert.equal(await server.kill('SIGTERM'), 0)
    assert.match(server.output(), /Answered/)
    assert.doesNotMatch(server.output(), /canary/)
    assert.ok(!server.output().includes(session.token))
  })
})
