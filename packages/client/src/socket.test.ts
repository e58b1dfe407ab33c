import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { test } from 'node:test'
import { errorBody } from '@madang/protocol/errors'
import { Server, type Socket } from 'socket.io'
import type { Link, LinkParts } from './link.ts'
import { openSocket } from './socket.ts'

interface Bench extends AsyncDisposable {
  readonly io: Server
  readonly heard: string[]
  readonly url: string
  open(more?: Partial<LinkParts>): Link
  /** Resolves when something has been heard that begins so. */
  until(start: string): Promise<string>
}

async function bench(options: { readonly websocket?: boolean } = {}): Promise<Bench> {
  const http = createServer()
  const io = new Server(http, {
    transports: options.websocket === false ? ['polling'] : ['websocket'],
  })
  await new Promise<void>((done) => http.listen(0, '127.0.0.1', done))
  const url = `http://127.0.0.1:${(http.address() as AddressInfo).port}`
  const heard: string[] = []
  const waiting: (() => void)[] = []
  const links: Link[] = []
  const hear = (what: string): void => {
    heard.push(what)
    for (const wake of waiting.splice(0)) wake()
  }
  const listener = new Proxy({} as LinkParts['listener'], {
    ownKeys: () => ['ready', 'event'],
    getOwnPropertyDescriptor: () => ({ enumerable: true, configurable: true }),
    get: (_, name) => (payload: unknown) => hear(`${String(name)} ${JSON.stringify(payload)}`),
  })
  return {
    io,
    heard,
    url,
    open(more = {}) {
      const link = openSocket({
        url,
        greeting: { wire: 1, cursors: {} },
        pollingFirst: false,
        ackTimeoutMs: 200,
        listener,
        refused: (error) => hear(`refused ${error.code}`),
        closed: (reason) => hear(`closed ${reason}`),
        unanswered: () => hear('unanswered'),
        ...more,
      })
      links.push(link)
      return link
    },
    async until(start) {
      for (;;) {
        const found = heard.find((one) => one.startsWith(start))
        if (found !== undefined) return found
        await new Promise<void>((wake) => waiting.push(wake))
      }
    },
    async [Symbol.asyncDispose]() {
      for (const link of links) link.close()
      await io.close()
    },
  }
}

const connected = (io: Server): Promise<Socket> =>
  new Promise((done) => io.once('connection', done))

test('a refused handshake is told with its row', async () => {
  await using one = await bench()
  one.io.use((_, next) => next(Object.assign(new Error('no'), { data: errorBody('banned') })))
  one.open()
  assert.equal(await one.until('refused'), 'refused banned')
})

test('a server that is not there is a closed link', async () => {
  await using one = await bench()
  one.open({ url: 'http://127.0.0.1:1' })
  await one.until('closed')
  assert.equal(one.heard.length, 1)
})

test('where websockets cannot connect, polling does within the same try', async () => {
  await using one = await bench({ websocket: false })
  const connection = connected(one.io)
  one.open()
  const socket = await connection
  assert.equal(socket.conn.transport.name, 'polling')
  assert.deepEqual(one.heard, [])
})

test('the greeting is shown, and what is answered comes before what was sent after it', async () => {
  await using one = await bench()
  const connection = connected(one.io)
  const link = one.open({ greeting: { wire: 1, token: 't', cursors: { a: null } } })
  const socket = await connection
  assert.deepEqual(socket.handshake.auth, { wire: 1, token: 't', cursors: { a: null } })
  socket.on('history', (_, answer) => {
    answer({ ok: true })
    socket.emit('event', 1)
  })
  link.request('history', { channelId: 'a' }, () => one.heard.push('answer'))
  await one.until('event')
  assert.deepEqual(one.heard, ['answer', 'event 1'])
})

test('a request that is not answered in time, or whose connection breaks, is answered with nothing', async () => {
  await using one = await bench()
  const connection = connected(one.io)
  const link = one.open()
  const socket = await connection
  const ask = (): Promise<unknown> =>
    new Promise((done) => link.request('leave', { channelId: 'a' }, done))
  assert.equal(await ask(), undefined)
  const broken = ask()
  socket.conn.close()
  assert.equal(await broken, undefined)
  assert.equal(await one.until('closed'), 'closed transport close')
})

test('a request that is not answered in time is told of, and one that is owed by a closed link is not', async () => {
  await using one = await bench()
  const connection = connected(one.io)
  const link = one.open({ ackTimeoutMs: 50 })
  await connection
  const ask = () => new Promise((done) => link.request('leave', { channelId: 'a' }, done))
  assert.equal(await ask(), undefined)
  assert.deepEqual(one.heard, ['unanswered'])
  const owed = ask()
  link.close()
  assert.equal(await owed, undefined)
  assert.deepEqual(one.heard, ['unanswered'])
})

test('a link that is closed says nothing more', async () => {
  await using one = await bench()
  const connection = connected(one.io)
  const link = one.open()
  const socket = await connection
  const gone = new Promise((done) => socket.once('disconnect', done))
  link.close()
  link.close()
  await gone
  assert.deepEqual(one.heard, [])
})

test('a link that is retired hears nothing more, gets the answers that it is owed, and closes', async () => {
  await using one = await bench()
  const connection = connected(one.io)
  const link = one.open({ ackTimeoutMs: 20_000 })
  const socket = await connection
  const gone = new Promise((done) => socket.once('disconnect', done))
  const asked = new Promise<(answer: object) => void>((done) =>
    socket.on('leave', (_, answer) => done(answer)),
  )
  const answered = new Promise((done) => link.request('leave', { channelId: 'a' }, done))
  const answer = await asked
  link.retire()
  socket.emit('event', 1)
  answer({ ok: true })
  assert.deepEqual(await answered, { ok: true })
  await gone
  assert.deepEqual(one.heard, [])
})
