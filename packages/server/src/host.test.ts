// Several workers of one host, as real processes: they share a port, are replaced, reloaded and stopped.
import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { WIRE_VERSION } from '@madang/protocol'
import { io, type Socket } from 'socket.io-client'
import { ask } from './testing/http.ts'
import { type SpawnedServer, SpawnFailure, spawnServer } from './testing/spawn-server.ts'
import { guest, says, visit } from './testing/visitor.ts'

interface Line {
  readonly msg: string
  readonly worker?: number
  readonly pid?: number
}

const linesOf = (server: SpawnedServer): Line[] =>
  server
    .output()
    .split('\n')
    .filter((line) => line.startsWith('{') && line.endsWith('}'))
    .map((line) => JSON.parse(line))

async function until(what: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await what())) await sleep(50)
}

const pidOf = (server: SpawnedServer, worker: number): number =>
  linesOf(server).find((line) => line.msg === `Worker ${worker} starts.`)?.pid ?? assert.fail()

const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

interface Readiness {
  readonly status: string
  readonly workers: { readonly wanted: number; readonly ready: number }
}

const readiness = async (server: SpawnedServer): Promise<Readiness> =>
  JSON.parse((await ask(`${server.url}/health/readiness`)).body)

const metrics = async (server: SpawnedServer) => (await ask(`${server.url}/metrics`)).body

function started(options: Parameters<typeof spawnServer>[0] = {}): Promise<SpawnedServer> {
  const env = { LOG_LEVEL: 'debug', DRAIN_SECONDS: '1', ...options.env }
  return spawnServer({ args: ['--workers', '2'], ...options, env })
}

describe('several workers', { concurrency: 2 }, () => {
  it('share one port; people on different ones talk; one scrape and one probe tell of all', async () => {
    await using server = await started()
    const ann = await guest(server.url, 'Ann')
    const visitors = []
    try {
      for (const name of ['Bob', 'Cat', 'Dan', 'Eve']) {
        visitors.push(await visit(server.url, { auth: { name } }))
      }
      const page = await metrics(server)
      for (const worker of [1, 2]) {
        const sockets = new RegExp(
          `^madang_sockets\\{worker="${worker}",transport="websocket"\\} [1-4]$`,
          'm',
        )
        assert.match(page, sockets)
      }
      assert.match(page, /^madang_workers\{state="ready"\} 2$/m)
      const params = { channelId: ann.channelId }
      await ann.rest.call('createMessage', { params, body: { clientId: 'c-1', text: 'all' } })
      await Promise.all(visitors.map((visitor) => visitor.event(says('all'))))
      const { status, workers } = await readiness(server)
      assert.deepEqual([status, workers], ['ready', { wanted: 2, ready: 2 }])
    } finally {
      for (const visitor of visitors) visitor[Symbol.dispose]()
    }
    assert.equal(await server.kill('SIGTERM'), 0, server.output())
    for (const worker of [1, 2]) assert.ok(!isAlive(pidOf(server, worker)))
  })

  it('are replaced when they crash and when they alone are told to stop; a second order ends them all', async () => {
    await using server = await started()
    const hasReady = (worker: number) =>
      linesOf(server).some((line) => line.msg === `Worker ${worker} is ready.`)
    process.kill(pidOf(server, 1), 'SIGKILL')
    await until(() => hasReady(3))
    process.kill(pidOf(server, 2), 'SIGTERM')
    await until(() => hasReady(4))
    await until(() => !isAlive(pidOf(server, 2)))
    await until(async () => (await readiness(server)).status === 'ready')
    assert.match(await metrics(server), /^madang_workers_replaced_total 1$/m)
    // As a terminal does: the whole group is told, and the primary's word is one more.
    for (const worker of [3, 4]) process.kill(pidOf(server, worker), 'SIGINT')
    await using visitor = await held(server)
    server.signal('SIGTERM')
    await visitor.told
    await sleep(600)
    assert.equal(await server.kill('SIGTERM'), 143)
    await until(() => ![3, 4].some((worker) => isAlive(pidOf(server, worker))))
  })

  it('that cannot start end their primary with a line', async () => {
    const failure = await started({ dataDir: '/dev/null/data' }).then(
      () => assert.fail(),
      (error) => error,
    )
    assert.ok(failure instanceof SpawnFailure)
    assert.equal(failure.code, 1)
    assert.match(failure.output, /^madang: DATA_DIR is "\/dev\/null\/data"/m)
    assert.match(failure.output, /^madang: No worker could start \(3 attempts\)/m)
  })

  it('are not left behind by a primary that is killed', async () => {
    await using server = await started()
    await server.kill('SIGKILL')
    await until(() => ![1, 2].some((worker) => isAlive(pidOf(server, worker))))
  })
})

/** Somebody who is connected, and hears of the order to go. */
async function held(server: SpawnedServer) {
  const visitor = await visit(server.url, {
    auth: { name: 'Held', wire: WIRE_VERSION },
    reconnection: false,
  })
  const told = new Promise((resolve) => visitor.socket.once('goaway', resolve))
  return { told, [Symbol.asyncDispose]: async () => visitor[Symbol.dispose]() }
}

/** Sends one message after the other, each again until it is acknowledged. */
class Sender {
  readonly acknowledged: string[] = []
  readonly #socket: Socket
  readonly #channelId: string
  readonly #name: string
  #isDone = false

  constructor(url: string, token: string, channelId: string, name: string) {
    this.#socket = io(url, {
      auth: { token },
      forceNew: true,
      reconnectionDelayMax: 200,
    })
    this.#channelId = channelId
    this.#name = name
  }

  async run(): Promise<void> {
    for (let at = 0; !this.#isDone; at++) {
      const text = `${this.#name}-${at}`
      const message = { channelId: this.#channelId, clientId: text, text }
      while (!(await this.#sent(message))) await sleep(20)
      this.acknowledged.push(text)
      await sleep(5)
    }
  }

  stop(): void {
    this.#isDone = true
  }

  close(): void {
    this.#socket.disconnect()
  }

  async #sent(message: object): Promise<boolean> {
    try {
      const answer = await this.#socket.timeout(2_000).emitWithAck('send', message)
      return answer.error === undefined
    } catch {
      return false
    }
  }
}

async function history({ rest, channelId }: Awaited<ReturnType<typeof guest>>) {
  const texts: string[] = []
  let query: Readonly<Record<string, number>> = { limit: 100 }
  for (;;) {
    const { events } = await rest.call('listMessages', { params: { channelId }, query })
    const created = events.flatMap((event) => (event.kind === 'created' ? (event.text ?? []) : []))
    texts.unshift(...created)
    const first = events[0]?.seq ?? 1
    if (first <= 1) return texts
    query = { limit: 100, before: first }
  }
}

describe('a reload by SIGHUP', () => {
  it('under load, again and again, loses nothing that was acknowledged; with a wrong setting it changes nothing', async () => {
    const cwd = await mkdtemp(join(tmpdir(), 'madang-reload-'))
    const file = join(cwd, '.env')
    await writeFile(file, 'WORKERS=2\n')
    await using server = await started({
      cwd,
      args: [],
      env: { DRAIN_SECONDS: '0', RATE_SCALE: '100' },
    })
    const ann = await guest(server.url, 'Ann')
    const senders = Array.from(
      { length: 4 },
      (_, at) => new Sender(server.url, ann.token, ann.channelId, `s${at}`),
    )
    const runs = senders.map((sender) => sender.run())
    const isSaid = (text: string) => () => linesOf(server).some(({ msg }) => msg === text)
    const gone = (worker: number) => until(() => !isAlive(pidOf(server, worker)))
    try {
      await until(() => senders.every(({ acknowledged }) => acknowledged.length > 10))
      server.signal('SIGHUP')
      await until(isSaid('Worker 4 is ready.'))
      await Promise.all([gone(1), gone(2)])

      await writeFile(file, 'WORKERS=2\nGUESTS=maybe\n')
      server.signal('SIGHUP')
      await until(isSaid('SIGHUP: a setting is wrong, so nothing is reloaded.'))
      assert.match(server.output(), /^madang: GUESTS is "maybe"/m)

      await writeFile(file, 'WORKERS=3\n')
      server.signal('SIGHUP')
      await until(isSaid('Worker 7 is ready.'))
      await Promise.all([gone(3), gone(4)])
      const from = senders.map(({ acknowledged }) => acknowledged.length)
      await until(() =>
        senders.every((each, at) => each.acknowledged.length > (from[at] ?? 0) + 10),
      )
      assert.deepEqual((await readiness(server)).workers, { wanted: 3, ready: 3 })
    } finally {
      for (const sender of senders) sender.stop()
      await Promise.all(runs)
      for (const sender of senders) sender.close()
    }
    const texts = await history(ann)
    for (const [at, { acknowledged }] of senders.entries()) {
      const stored = texts.filter((text) => text.startsWith(`s${at}-`))
      assert.deepEqual(stored, acknowledged, 'each once, in the order of sending')
    }
    assert.equal(await server.kill('SIGTERM'), 0, server.output())
    await rm(cwd, { recursive: true })
  })
})
