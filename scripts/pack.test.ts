// The tarball of the fan-out package, as somebody meets it who installs it into an application of their own.
import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { publint } from 'publint'
import { formatMessage } from 'publint/utils'
import { packPackage } from './pack.ts'
import { publishedManifest, readManifest } from './published-manifest.ts'
import { ROOT } from './steps.ts'

const app = mkdtempSync(join(tmpdir(), 'madang-app-'))
after(() => rmSync(app, { recursive: true, force: true }))
const installed = install(packPackage('fanout', app))
const doors = Object.keys(readManifest(join(ROOT, 'packages/fanout')).exports ?? {})

/** The package stands in the application's own node_modules; what it needs is linked from here, so that no registry is asked. */
function install(tarball: string): string {
  const modules = join(app, 'node_modules')
  const place = join(modules, '@madang/fanout')
  mkdirSync(place, { recursive: true })
  execFileSync('tar', ['-xzf', tarball, '-C', place, '--strip-components=1'])
  for (const name of readdirSync(join(ROOT, 'node_modules'))) {
    if (name === '@madang' || name.startsWith('.')) continue
    symlinkSync(join(ROOT, 'node_modules', name), join(modules, name), 'junction')
  }
  writeFileSync(join(app, 'package.json'), '{ "type": "module", "private": true }')
  return place
}

function runInApp(
  args: readonly string[],
  node = process.execPath,
): { status: number | null; output: string } {
  const { status, stdout, stderr } = spawnSync(node, args, { cwd: app, encoding: 'utf8' })
  return { status, output: stdout + stderr }
}

/** This Node, and the system's own where it is another that the package runs on. */
function nodes(): ReadonlyMap<string, string> {
  const version = spawnSync('node', ['--version'], { encoding: 'utf8' }).stdout?.trim() ?? ''
  const [major = 0, minor = 0] = version.slice(1).split('.').map(Number)
  const isFit = major > 20 || (major === 20 && minor >= 19)
  return new Map([
    ...(isFit ? [[version, 'node'] as const] : []),
    [process.version, process.execPath],
  ])
}

test('publint has nothing to say', async () => {
  const { messages, pkg } = await publint({ pkgDir: installed, pack: false, strict: true })
  assert.deepEqual(
    messages.map((message) => formatMessage(message, pkg ?? {}, { color: false })),
    [],
  )
})

test('every door of the workspace is a door of the package, compiled and with types', () => {
  const { exports = {} } = JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8'))
  for (const door of doors) {
    const { types, default: code } = exports[door]
    assert.match(types, /^\.\/dist\/.*\.d\.ts$/)
    assert.ok(readFileSync(join(installed, types), 'utf8').length > 0)
    assert.ok(readFileSync(join(installed, code), 'utf8').length > 0)
  }
})

test('it holds what runs, what explains and what permits, and nothing else', () => {
  const files = readdirSync(installed, { recursive: true, encoding: 'utf8' })
  assert.deepEqual(
    files.filter((file) => /\.test\.|^src|tsconfig/.test(file)),
    [],
  )
  for (const file of ['LICENSE', 'README.md', 'dist/index.js'])
    assert.ok(files.includes(file), file)
  const manifest = readFileSync(join(installed, 'package.json'), 'utf8')
  assert.doesNotMatch(manifest, /"private"|devDependencies|\/src\//)
})

test('whatever it imports is declared', () => {
  const { dependencies, peerDependencies, name } = JSON.parse(
    readFileSync(join(installed, 'package.json'), 'utf8'),
  )
  const declared = new Set([...Object.keys({ ...dependencies, ...peerDependencies }), name])
  const files = readdirSync(join(installed, 'dist'), { recursive: true, encoding: 'utf8' })
  for (const file of files.filter((each) => /\.(js|d\.ts)$/.test(each))) {
    const text = readFileSync(join(installed, 'dist', file), 'utf8')
    for (const [, specifier = ''] of text.matchAll(/(?:from|import\()\s*['"]([^'"]+)['"]/g)) {
      if (/^(\.|node:)/.test(specifier)) continue
      const wanted = /^(@[^/]+\/)?[^/]+/.exec(specifier)?.[0] ?? ''
      assert.ok(declared.has(wanted), `dist/${file} imports ${specifier}`)
    }
  }
})

for (const [version, node] of nodes()) {
  test(`a plain JavaScript application talks through it, on Node ${version}`, () => {
    writeFileSync(join(app, 'app.js'), JAVASCRIPT)
    const { status, output } = runInApp(['app.js'], node)
    assert.equal(status, 0, output)
    assert.equal(output, 'heard: hello\n')
  })
}

test('a TypeScript application compiles against its types, strictly', () => {
  writeFileSync(join(app, 'app.ts'), TYPESCRIPT)
  const { status, output } = runInApp([
    join(ROOT, 'node_modules/typescript/bin/tsc'),
    ...['--noEmit', '--strict', '--exactOptionalPropertyTypes', '--target', 'es2022'],
    ...['--module', 'node16', '--moduleResolution', 'node16', '--types', 'node', 'app.ts'],
  ])
  assert.equal(status, 0, output)
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
