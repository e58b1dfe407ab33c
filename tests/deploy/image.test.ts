// What the Dockerfile does, done in a folder: its copies, the packages that it installs, its user's environment, its command, its health check, its stop signal.
import assert from 'node:assert/strict'
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { type TestContext, test } from 'node:test'
import { eventually } from '../e2e/eventually.ts'
import { freePort } from '../services/server-process.ts'
import { copiesOf, execForm, ignoredByDocker, type Stage, stagesOf } from './dockerfile.ts'
import { ROOT, textOf } from './files.ts'

const stages = stagesOf(textOf('deploy/Dockerfile'))
const isIgnored = ignoredByDocker(textOf('.dockerignore'))
const last = stages.at(-1) ?? assert.fail('no stage')
const the = (name: string): string =>
  last.instructions.find((one) => one.name === name)?.rest ?? assert.fail(`no ${name}`)

/** What `npm ci` would install with these words: the packages that npm itself lists by them, copied, so that no other one can be reached. */
function install(words: readonly string[], target: string): void {
  const flags = words.filter((word) => word.startsWith('--omit') || word.startsWith('--workspace'))
  const npm = ['ls', '--all', '--parseable', '--loglevel=silent', ...flags]
  const listed = execFileSync('npm', npm, { cwd: ROOT, encoding: 'utf8' })
  const paths = listed.split('\n').filter((path) => path.includes('node_modules'))
  assert.ok(paths.length > 50, `npm lists ${paths.length} packages only`)
  for (const path of paths) {
    const place = join(target, relative(ROOT, path))
    const filter = (source: string) => !source.slice(path.length).includes('node_modules')
    if (!existsSync(path)) continue
    cpSync(path, place, { recursive: true, filter, verbatimSymlinks: true })
  }
}

/** The copies of a stage into the image's folder. */
function perform(stage: Stage, app: string): void {
  for (const { from, sources, target } of copiesOf(stage)) {
    for (const source of sources) {
      const path = source.replace(/^\/app\//, '')
      const name = target.endsWith('/') ? join(target, path.split('/').at(-1) ?? '') : target
      if (path === 'node_modules') {
        const made = stages.find((one) => one.name === from)
        const run = made?.instructions.find(({ name: word }) => word === 'RUN')?.rest ?? ''
        install(run.split(/\s+/), app)
        continue
      }
      const isFromContext = from === undefined
      const isWanted = (one: string) => !isFromContext || !isIgnored(relative(ROOT, one))
      const whole = join(ROOT, path)
      const isFolder = statSync(whole).isDirectory()
      mkdirSync(join(app, isFolder ? name : join(name, '..')), { recursive: true })
      cpSync(whole, join(app, name), { recursive: true, filter: isWanted })
    }
  }
}

function settings(): Record<string, string> {
  const pairs = [...the('ENV').matchAll(/(\w+)=(\S+)/g)]
  return Object.fromEntries(pairs.map(([, name = '', value = '']) => [name, value]))
}

function start(
  app: string,
  env: Record<string, string>,
): { child: ChildProcess; said: () => string } {
  const [, ...args] = execForm(the('ENTRYPOINT')) ?? []
  const child = spawn(process.execPath, args, { cwd: app, env, stdio: ['ignore', 'pipe', 'pipe'] })
  let text = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (piece: Buffer) => {
      text += piece
    })
  }
  return { child, said: () => text }
}

test('the steps of the Dockerfile make a node that is ready, healthy, and ends with 0 when it is told to stop', async (context: TestContext) => {
  const folder = mkdtempSync(join(tmpdir(), 'madang-image-'))
  context.after(() => rmSync(folder, { recursive: true, force: true }))
  const app = join(folder, 'app')
  mkdirSync(app)
  perform(last, app)
  assert.ok(!existsSync(join(app, 'node_modules/typescript')), 'a package for development')
  assert.ok(existsSync(join(app, 'packages/web/dist/index.html')), 'no web app')
  assert.ok(!existsSync(join(app, 'packages/server/src/main.test.ts')), 'a test')

  const PORT = String(await freePort())
  const env = { PATH: process.env.PATH ?? '', ...settings(), DATA_DIR: join(folder, 'data'), PORT }
  const { child, said } = start(app, env)
  try {
    await eventually(async () => {
      assert.equal(child.exitCode, null, said())
      const answer = await fetch(`http://127.0.0.1:${PORT}/health/readiness`)
      assert.equal(answer.status, 200)
    })
    const page = await fetch(`http://127.0.0.1:${PORT}/`)
    assert.match(await page.text(), /<title>/)
    const [, ...check] = execForm(the('HEALTHCHECK').replace(/^.*?CMD /, '')) ?? []
    execFileSync(process.execPath, check, { env })
    assert.throws(() => execFileSync(process.execPath, check, { env: { ...env, PORT: '1' } }))
    const gone = once(child, 'exit')
    child.kill(the('STOPSIGNAL') === 'SIGTERM' ? 'SIGTERM' : 'SIGKILL')
    assert.deepEqual(await gone, [0, null], said())
  } finally {
    child.kill('SIGKILL')
  }
})
