// The files for PM2 and systemd: they start what is there, with settings that a node reads, and let it drain.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { test } from 'node:test'
import { z } from 'zod'
import { assertSettings, isThere, ROOT, SHUTDOWN_SECONDS, shaped, textOf } from './files.ts'

const PM2 = 'deploy/pm2/ecosystem.config.cjs'
const UNIT = 'deploy/systemd/madang.service'
const MAIN = 'packages/server/src/main.ts'

const Ecosystem = z.strictObject({
  apps: z.array(
    z.strictObject({
      name: z.string(),
      script: z.string(),
      cwd: z.string(),
      interpreter: z.string(),
      exec_mode: z.enum(['fork', 'cluster']),
      instances: z.int(),
      kill_timeout: z.int(),
      max_memory_restart: z.string(),
      exp_backoff_restart_delay: z.int(),
      env: z.record(z.string(), z.string()),
    }),
  ),
})

test('PM2 starts the server with Node itself, as one process that has workers', () => {
  const { apps } = shaped(PM2, createRequire(import.meta.url)(join(ROOT, PM2)), Ecosystem)
  for (const app of apps) {
    assert.equal(join(app.cwd, app.script), join(ROOT, MAIN))
    assert.equal(app.interpreter, 'node')
    // Its cluster mode would run a broker-less node for each core, on one port.
    assert.deepEqual([app.exec_mode, app.instances], ['fork', 1])
    assert.ok(app.kill_timeout > SHUTDOWN_SECONDS * 1_000)
    assertSettings(PM2, Object.keys(app.env))
    assert.equal(app.env.NODE_ENV, 'production')
  }
})

/** Keys and values by section, in order. */
function unitOf(text: string): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>()
  let section = ''
  for (const line of text.split('\n')) {
    if (line === '' || line.startsWith('#')) continue
    const head = /^\[(\w+)\]$/.exec(line)?.[1]
    if (head !== undefined) section = head
    else {
      const [, key = '', value = ''] =
        /^(\w+)=(.*)$/.exec(line) ?? assert.fail(`"${line}" is nothing`)
      const name = `${section}.${key}`
      found.set(name, [...(found.get(name) ?? []), value])
    }
  }
  return found
}

const unit = unitOf(textOf(UNIT))
const of = (key: string): string => unit.get(`Service.${key}`)?.[0] ?? assert.fail(`no ${key}`)

test('systemd starts the server itself, lets it drain, and never gives up on it', () => {
  const [node = '', script = ''] = of('ExecStart').split(' ')
  assert.match(node, /\/node$/)
  assert.ok(isThere(script), script)
  assert.ok(Number(of('TimeoutStopSec')) > SHUTDOWN_SECONDS)
  assert.equal(of('KillMode'), 'mixed')
  assert.equal(of('KillSignal'), 'SIGTERM')
  assert.match(of('ExecReload'), /kill -HUP \$MAINPID$/)
  assert.equal(of('Restart'), 'always')
  // What the server ends with where a setting is wrong.
  assert.match(textOf('packages/server/src/main.ts'), /misconfigured = 78$/m)
  assert.equal(of('RestartPreventExitStatus'), '78')
  const names = of('Environment')
    .split(' ')
    .map((pair) => pair.split('=')[0] ?? '')
  assertSettings(UNIT, names)
  assert.ok(of('Environment').includes('NODE_ENV=production'))
  assert.ok(of('Environment').includes(`DATA_DIR=/var/lib/${of('StateDirectory')}`))
})

test('systemd keeps the server from what it does not need', () => {
  assert.notEqual(of('User'), 'root')
  const strict = [
    'NoNewPrivileges',
    'PrivateTmp',
    'ProtectHome',
    'PrivateDevices',
    'RestrictNamespaces',
  ]
  for (const key of strict) assert.equal(of(key), 'yes', key)
  assert.equal(of('ProtectSystem'), 'strict')
  assert.equal(of('CapabilityBoundingSet'), '')
  // V8 could not run.
  assert.equal(unit.get('Service.MemoryDenyWriteExecute'), undefined)
})

test('systemd itself has no objection', (context) => {
  const { error, status, stderr } = spawnSync('systemd-analyze', ['verify', UNIT], {
    cwd: ROOT,
    encoding: 'utf8',
  })
  // It is no part that tests need: what is above says the rest without it.
  if (error !== undefined) return context.diagnostic('systemd-analyze is not here')
  // It also looks for the command, which is where the machine of a reader has it.
  const lines = stderr.split('\n').filter((line) => line !== '' && !/is not executable/.test(line))
  assert.deepEqual(lines, [])
  if (!stderr.includes('is not executable')) assert.equal(status, 0)
})
