// The Dockerfile by its words: what it copies is there, what it runs is what it says, and nobody in it is root.
import assert from 'node:assert/strict'
import { globSync } from 'node:fs'
import { test } from 'node:test'
import { copiesOf, execForm, ignoredByDocker, stagesOf } from './dockerfile.ts'
import { assertPinned, assertSettings, isThere, NODE_PORT, ROOT, textOf } from './files.ts'

const DOCKERFILE = 'deploy/Dockerfile'
const stages = stagesOf(textOf(DOCKERFILE))
const isIgnored = ignoredByDocker(textOf('.dockerignore'))
const last = stages.at(-1) ?? assert.fail('no stage')

const the = (name: string): string =>
  last.instructions.find((one) => one.name === name)?.rest ?? assert.fail(`no ${name}`)

test('every stage is of a pinned image or of a stage before it', () => {
  const before = new Set<string>()
  for (const { name, from } of stages) {
    if (!before.has(from)) assertPinned(DOCKERFILE, from)
    before.add(name)
  }
})

test('the Node of the image is recent enough for the server, and has the C library that it is tested with', () => {
  const [, major = 0, minor = 0] = /^node:(\d+)\.(\d+)\.\d+-slim$/.exec(stages[0]?.from ?? '') ?? []
  const { engines } = JSON.parse(textOf('package.json')) as { engines: { node: string } }
  const [wantedMajor = 0, wantedMinor = 0] = engines.node.replace('>=', '').split('.').map(Number)
  assert.ok(
    Number(major) > wantedMajor || (Number(major) === wantedMajor && Number(minor) >= wantedMinor),
  )
})

test('no instruction is there that fetches what nobody locked', () => {
  const all = stages.flatMap(({ instructions }) => instructions)
  assert.deepEqual(
    all.filter(({ name }) => name === 'ADD' || name === 'ONBUILD'),
    [],
  )
  const runs = all.filter(({ name }) => name === 'RUN').map(({ rest }) => rest)
  assert.deepEqual(
    runs.filter((rest) => /npm (i|install)\b|curl|wget|apt/.test(rest)),
    [],
  )
  const installs = runs.filter((rest) => rest.includes('npm'))
  assert.ok(installs.length > 0 && installs.every((rest) => rest.startsWith('npm ci ')))
})

test('what is copied is there, in the build context too', () => {
  for (const stage of stages) {
    for (const { from, sources } of copiesOf(stage)) {
      if (from !== undefined) {
        assert.ok(
          stages.some(({ name }) => name === from),
          `no stage ${from}`,
        )
        continue
      }
      for (const source of sources) {
        assert.ok(isThere(source), `${source} is not there`)
        const files = globSync([source, `${source}/**`], { cwd: ROOT })
        assert.ok(!files.every(isIgnored), `${source} is left out by .dockerignore`)
      }
    }
  }
})

test('npm sees the manifest of every workspace', () => {
  const { workspaces } = JSON.parse(textOf('package.json')) as { workspaces: string[] }
  const manifests = globSync(
    workspaces.map((one) => `${one}/package.json`),
    { cwd: ROOT },
  )
  const stage = stages.find(({ name }) => name === 'manifests') ?? assert.fail('no stage')
  const copied = copiesOf(stage).flatMap(({ sources }) => sources)
  const isCopied = (path: string) =>
    !isIgnored(path) && copied.some((one) => path === one || path.startsWith(`${one}/`))
  assert.ok(manifests.length > 0)
  assert.deepEqual(
    manifests.filter((path) => !isCopied(path)),
    [],
  )
})

test('the server runs as nobody special, by number, and gets signals itself', () => {
  assert.match(the('USER'), /^[1-9]\d*:[1-9]\d*$/)
  const after = last.instructions.slice(last.instructions.findIndex(({ name }) => name === 'USER'))
  assert.deepEqual(
    after.filter(({ name }) => name === 'RUN' || name === 'COPY'),
    [],
  )
  const entry = execForm(the('ENTRYPOINT')) ?? []
  assert.equal(entry[0], 'node')
  assert.ok(isThere(entry[1] ?? ''), `${entry[1]} is not there`)
  assert.equal(the('STOPSIGNAL'), 'SIGTERM')
})

test('settings and ports are those of the server', () => {
  const pairs = [...the('ENV').matchAll(/(\w+)=(\S+)/g)].map(([, name = '', value = '']) => ({
    name,
    value,
  }))
  assertSettings(
    DOCKERFILE,
    pairs.map(({ name }) => name),
  )
  const envOf = (wanted: string) => pairs.find(({ name }) => name === wanted)?.value
  assert.equal(envOf('NODE_ENV'), 'production')
  assert.equal(envOf('PORT'), String(NODE_PORT))
  assert.equal(the('EXPOSE'), String(NODE_PORT))
  assert.deepEqual(execForm(the('HEALTHCHECK').replace(/^.*?CMD /, ''))?.slice(0, 2), [
    'node',
    '-e',
  ])
})

test('the build context has no secrets, no data, no tests and nothing that was installed or built here', () => {
  const out = [
    'node_modules/zod/index.js',
    'packages/web/dist/index.html',
    'packages/server/data/madang.db',
    'data/madang.db',
    '.env',
    'deploy/compose/.env',
    'packages/server/.env',
    '.git/config',
    'packages/server/src/main.test.ts',
    'packages/server/src/testing/spawn-server.ts',
    'harness/src/load.ts',
    'tests/deploy/files.ts',
  ]
  assert.deepEqual(
    out.filter((path) => !isIgnored(path)),
    [],
  )
  const kept = ['packages/server/src/main.ts', 'package-lock.json', 'harness/package.json']
  assert.deepEqual(kept.filter(isIgnored), [])
})

test('the rules above see what they are for', () => {
  const text = 'FROM a:1 AS b\n# no\nRUN x \\\n  y\n\nFROM b\nCOPY --from=b c d e/\nUSER root\n'
  assert.deepEqual(
    stagesOf(text).map(({ name, from }) => [name, from]),
    [
      ['b', 'a:1'],
      ['', 'b'],
    ],
  )
  assert.equal(stagesOf(text)[0]?.instructions[0]?.rest, 'x    y')
  assert.deepEqual(copiesOf(stagesOf(text)[1] ?? assert.fail()), [
    { from: 'b', sources: ['c', 'd'], target: 'e/' },
  ])
  assert.equal(execForm('node main.ts'), undefined)
  const ignored = ignoredByDocker('*\n!src\n**/secret\n!src/secret/but\n')
  assert.deepEqual(['a', 'src', 'src/a', 'src/secret', 'src/x/secret/y'].map(ignored), [
    true,
    false,
    false,
    true,
    true,
  ])
})
