// The tarball of the client, as somebody meets it who installs it into an application of their own.
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { spawnServer } from '@madang/server/testing'
import { nodes, packageCases, packedApp } from './packed.case.ts'
import { ROOT } from './steps.ts'

/** Without `socket.io-client` and React, in bytes after gzip: what the README promises. */
const gzipBytesMax = 15 * 1024

// No validator: not for what runs, and not for the types.
const app = packedApp('client', ['zod'])
packageCases('client', app)

test('a plain JavaScript application talks through it, on every Node that it runs on', {
  timeout: 120_000,
}, async () => {
  await using server = await spawnServer()
  app.write('app.js', JAVASCRIPT)
  for (const node of nodes().values()) {
    const child = spawn(node, ['app.js', server.url], { cwd: app.folder })
    let output = ''
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (piece: string) => {
        output += piece
      })
    const [code] = await once(child, 'close')
    assert.equal(code, 0, output)
    assert.equal(output, 'sent: hello\n')
  }
})

test('a TypeScript application compiles against its types, strictly and without ours', () => {
  app.write('app.ts', TYPESCRIPT)
  app.compile('app.ts', '--lib', 'es2022,dom')
})

test('its types of the wire are those of the protocol', () => {
  const protocol = join(ROOT, 'packages/protocol/src/index.ts')
  app.write('same.ts', sameTypes(protocol))
  app.compile('same.ts', '--lib', 'es2024,dom', '--allowImportingTsExtensions', '--skipLibCheck')
})

test('in a bundle it weighs what it may', (t) => {
  for (const [door, bytesMax] of [
    ['index', gzipBytesMax],
    ['react', 1024],
  ] as const) {
    const bytes = gzipSync(bundle(`node_modules/@madang/client/dist/${door}.js`)).length
    t.diagnostic(`${door}: ${bytes} bytes of ${bytesMax}`)
    assert.ok(bytes > 200, `${door}: something was bundled`)
    assert.ok(bytes <= bytesMax, `${door}: ${bytes} bytes, and may weigh ${bytesMax}`)
  }
})

test('the README promises the weight that is tested', () => {
  const readme = readFileSync(join(ROOT, 'packages/client/README.md'), 'utf8')
  assert.match(readme, new RegExp(`at most ${gzipBytesMax / 1024} KB`))
})

/** One minified file of everything that an entry leads to but packages. */
function bundle(entry: string): Buffer {
  app.write(
    'vite.config.js',
    `export default { build: { minify: true, modulePreload: false, rolldownOptions: {
      input: ${JSON.stringify(entry)}, external: ['socket.io-client', 'react'],
      preserveEntrySignatures: 'strict',
      output: { format: 'es', entryFileNames: 'bundle.js' } } } }`,
  )
  const { status, output } = app.run([join(ROOT, 'node_modules/vite/bin/vite.js'), 'build'])
  assert.equal(status, 0, output)
  return readFileSync(join(app.folder, 'dist/bundle.js'))
}

const JAVASCRIPT = `
import { createClient } from '@madang/client'

const client = createClient({ url: process.argv[2], guestName: 'Ann' })
const until = (view, wanted) => new Promise((resolve) => {
  const look = () => wanted(view.snapshot()) && resolve(view.snapshot())
  view.subscribe(look)
  look()
})
client.start()
const { channels } = await until(client.session, (session) => session.channels.length > 0)
const channel = client.open(channels[0].id)
const key = channel.send('hello')
const { items } = await until(channel, (view) =>
  view.items.some((item) => item.key === key && item.state === 'sent'))
const mine = items.find((item) => item.key === key)
process.stdout.write(mine.state + ': ' + mine.text + '\\n')
await client.stop()
`

const TYPESCRIPT = `
import { type ChannelView, createClient, LIMITS, type LogEvent, type Role, webStorage } from '@madang/client'
import { useChannel, useSession } from '@madang/client/react'

const client = createClient({ storage: webStorage(), token: async () => 'token' })
export const textOf = (event: LogEvent): string | null => event.kind === 'created' ? event.text : null
export const last = (view: ChannelView): string | undefined => {
  const item = view.items.at(-1)
  return item?.kind === 'message' ? item.author.name : item?.event.author.name
}
export const role: Role | null | undefined = client.session.snapshot().channels[0]?.role
export const most: 4000 = LIMITS.textCharsMax
export const hooks = [useChannel, useSession]
// @ts-expect-error There is no such option.
createClient({ tokens: 'token' })
// @ts-expect-error There is no such kind of event.
export const isKind = (event: LogEvent): boolean => event.kind === 'written'
`

/** A type that is less, more or other in one of the two does not compile. */
const sameTypes = (protocol: string): string => `
import type * as ours from './node_modules/@madang/client/dist/protocol/wire.js'
import type * as real from ${JSON.stringify(protocol)}

type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true
  : [A, B] extends [B, A] ? true : false
type Up<N extends real.UpName> = Same<ours.UpRequest<N>, real.UpRequest<N>> & Same<ours.UpResult<N>, real.UpResult<N>>
type Down<N extends real.DownName> = Same<ours.DownPayload<N>, real.DownPayload<N>>
export const up: { [N in real.UpName]: Up<N> } = { join: true, leave: true, send: true, edit: true,
  delete: true, question: true, read: true, typing: true, sync: true, history: true, observe: true }
export const down: { [N in real.DownName]: Down<N> } = { ready: true, event: true, digest: true, typing: true,
  presence: true, read: true, channel: true, gone: true, community: true, resume: true, goaway: true, closed: true,
  cluster: true, trace: true }
export const shapes: { event: Same<ours.LogEvent, real.LogEvent>; channel: Same<ours.MyChannel, real.MyChannel>
  community: Same<ours.MyCommunity, real.MyCommunity>; replay: Same<ours.Replay, real.Replay>
  error: Same<ours.ErrorBody, real.ErrorBody>; none: Same<ours.LogEvent, real.MyChannel> } = { event: true, channel: true,
  community: true, replay: true, error: true, none: false }
`
