// The whole command in its quick form: a row that is missed fails, and whatever it started is gone when it is.
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { need, type Part } from '../../../tests/services/part.ts'
import { descendantsOf } from './children.ts'
import { SEEDS } from './seeds.ts'

const COMMAND = fileURLToPath(new URL('../seeds.ts', import.meta.url))

function start(...args: readonly string[]) {
  const child = spawn(process.execPath, [COMMAND, '--quick', '--width', '200', ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const heard = { output: '', progress: '' }
  child.stdout.setEncoding('utf8').on('data', (piece: string) => {
    heard.output += piece
  })
  child.stderr.setEncoding('utf8').on('data', (piece: string) => {
    heard.progress += piece
  })
  const closed = once(child, 'close').then(([code]: (number | null)[]) => code)
  return { child, heard, closed }
}

async function skipWithout(parts: Iterable<Part>): Promise<string | false> {
  for (const part of parts) {
    const { skip } = await need(part)
    if (skip !== false) return skip
  }
  return false
}

for (const { name, title, claims } of SEEDS) {
  const parts = new Set(claims.flatMap(({ needs = [] }) => needs))
  test(`${name}, ${title}: every row is ok`, {
    skip: await skipWithout(parts),
    timeout: 600_000,
  }, async () => {
    const { heard, closed } = start('--only', name)
    assert.equal(await closed, 0, `${heard.progress}\n${heard.output}`)
    assert.match(heard.output, new RegExp(`^${claims.length} ok, 0 missed, 0 not tried$`, 'm'))
  })
}

test('interrupted in the middle, it leaves nothing behind', {
  skip: process.platform !== 'linux' && 'looks into /proc',
  timeout: 300_000,
}, async () => {
  const { child, heard, closed } = start('--only', '002')
  const deadlineMs = performance.now() + 240_000
  while (!/ok \(/.test(heard.progress) && performance.now() < deadlineMs)
    await new Promise((resolve) => setTimeout(resolve, 20))
  const pids = descendantsOf(child.pid ?? 0)
  assert.ok(pids.length >= 2, `${pids.length} processes: ${heard.progress}`)
  child.kill('SIGINT')
  assert.equal(await closed, 130)
  assert.deepEqual(
    pids.filter((pid) => existsSync(`/proc/${pid}`)),
    [],
  )
})
