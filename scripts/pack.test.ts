// The tarball of the fan-out package, as somebody meets it who installs it into an application of their own.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { nodes, packageCases, packedApp } from './packed.case.ts'
import { publishedManifest } from './published-manifest.ts'

const app = packedApp('fanout')
packageCases('fanout', app)

for (const [version, node] of nodes()) {
  test(`a plain JavaScript application talks through it, on Node ${version}`, () => {
    app.write('app.js', JAVASCRIPT)
    const { status, output } = app.run(['app.js'], node)
    assert.equal(status, 0, output)
    assert.equal(output, 'heard: hello\n')
  })
}

test('a TypeScript application compiles against its types, strictly', () => {
  app.write('app.ts', TYPESCRIPT)
  app.compile('app.ts', '--types', 'node')
})

test('what is exact here is a range there, and what must be there once is a peer', () => {
  const published = publishedManifest(
    {
      name: 'a',
      version: '1.2.3',
      exports: { '.': './src/index.ts', './b/c': './src/b/c.ts' },
      dependencies: { 'socket.io': '4.8.4', other: '1.0.0' },
      peerDependencies: { third: '>=2' },
    },
    { name: 'root', version: '0.0.0', engines: { node: '>=24' } },
  )
  assert.deepEqual(JSON.parse(JSON.stringify(published)), {
    name: 'a',
    version: '1.2.3',
    engines: { node: '>=24' },
    sideEffects: false,
    exports: {
      '.': { types: './dist/index.d.ts', default: './dist/index.js' },
      './b/c': { types: './dist/b/c.d.ts', default: './dist/b/c.js' },
      './package.json': './package.json',
    },
    files: ['dist'],
    dependencies: { other: '^1.0.0' },
    peerDependencies: { 'socket.io': '^4.8.4', third: '>=2' },
  })
})

/** Two servers with a broker between them, in one process; a person at one hears a person at the other. */
const JAVASCRIPT = `
import { createServer } from 'node:http'
import { once } from 'node:events'
import { createAdapter, MemoryHub } from '@madang/fanout'
import { Server } from 'socket.io'
import { io } from 'socket.io-client'

const hub = new MemoryHub()
const servers = []
for (let index = 0; index < 2; index++) {
  const http = createServer().listen(0, '127.0.0.1')
  await once(http, 'listening')
  const server = new Server(http, { adapter: createAdapter(hub.newBroker()) })
  server.on('connection', (socket) => {
    socket.on('join', async (done) => { await socket.join('room'); done() })
    socket.on('say', (text) => socket.to('room').emit('said', text))
  })
  servers.push({ server, url: 'http://127.0.0.1:' + http.address().port })
}
const people = servers.map(({ url }) => io(url, { forceNew: true }))
for (const person of people) await person.emitWithAck('join')
const heard = new Promise((resolve) => people[1].once('said', resolve))
people[0].emit('say', 'hello')
process.stdout.write('heard: ' + (await heard) + '\\n')
for (const person of people) person.disconnect()
for (const { server } of servers) await server.close()
`

const TYPESCRIPT = `
import { type Broker, createAdapter, createRedisBroker, MemoryHub } from '@madang/fanout'
import { ioredis } from '@madang/fanout/redis/ioredis'
import { nodeRedisCluster } from '@madang/fanout/redis/node-redis'
import { FakeClock } from '@madang/fanout/testing'
import { Server } from 'socket.io'

const brokers: readonly Broker[] = [
  new MemoryHub().newBroker(),
  createRedisBroker({ driver: ioredis({ url: 'redis://localhost' }) }),
]
export const servers = brokers.map(
  (broker) => new Server({ adapter: createAdapter(broker, { defaultRoom: false }) }),
)
export const others = [nodeRedisCluster(['redis://localhost']), new FakeClock()]
// @ts-expect-error There is no such option.
createAdapter(new MemoryHub().newBroker(), { defaultRooms: false })
`
