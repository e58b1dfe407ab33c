// A claim that does not hold is told, whatever way it goes wrong, and stops nothing that comes after it.
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { type Claim, seen } from './claim.ts'
import { claimTable, summaryOf, wrap } from './claim-table.ts'
import type { Ground } from './ground.ts'
import { type Row, run } from './run.ts'
import { SEEDS } from './seeds.ts'

const COMMAND = fileURLToPath(new URL('../seeds.ts', import.meta.url))

const claim = (says: string, act: Claim['try'], more: Partial<Claim> = {}): Claim => ({
  ...{ seed: '000', says, does: 'nothing', try: act },
  ...more,
})

const options = { isQuick: true, progress: () => {}, claimMsMax: 200 }

function tried(claims: readonly Claim[]) {
  return run([{ name: '000', title: 'a test', claims }], options)
}

const missing = {
  name: 'Nothing',
  neededFor: 'nothing',
  find: async () => ({ found: false, why: 'not found', remedy: 'make it' }) as const,
}

test('what holds is ok, what does not is missed and named, what cannot be tried says why', async () => {
  const rows = await tried([
    claim('holds', async () => seen('all', { 'one thing': true })),
    claim('does not', async () => seen('half', { 'one thing': true, 'the other': false })),
    claim('throws', async () => Promise.reject(new Error('it broke'))),
    claim('hangs', () => new Promise(() => {})),
    claim('lacks', async () => seen('', {}), { needs: [missing] }),
    claim('is after them', async () => seen('all', {})),
  ])
  assert.deepEqual(
    rows.map(({ result, saw }) => [result, saw]),
    [
      ['ok', 'all'],
      ['missed', 'half; does not hold: the other'],
      ['missed', 'it broke'],
      ['missed', 'no end after 0.2 s'],
      ['not tried', 'Nothing not found; make it'],
      ['ok', 'all'],
    ],
  )
  assert.equal(summaryOf(rows), '2 ok, 3 missed, 1 not tried')
})

test('what claims share is made once, and stopped last first, after a failure too', async () => {
  const told: string[] = []
  const part = (name: string) => ({ stop: async () => void told.push(name) })
  const shared = async (ground: Ground) => {
    told.push('made')
    ground.keep(part('first'))
    ground.later(() => {
      throw new Error('this stop fails')
    })
    return ground.keep(part('second'))
  }
  let folder = ''
  await tried([
    claim('uses it', async (ground) => {
      folder = ground.folder
      await ground.once(shared)
      throw new Error('and fails')
    }),
    claim('uses it again', async (ground) => {
      await ground.once(shared)
      assert.ok(existsSync(folder))
      return seen('', {})
    }),
  ])
  assert.deepEqual(told, ['made', 'second', 'first'])
  assert.equal(existsSync(folder), false)
})

test('the table is as wide as it may be, and no word is lost', () => {
  assert.deepEqual(wrap('one two three', 7), ['one two', 'three'])
  assert.deepEqual(wrap('a verylongword b', 5), ['a', 'veryl', 'ongwo', 'rd b'])
  const row: Row = {
    seed: '000',
    says: 'it holds '.repeat(9),
    does: 'something',
    saw: 'x '.repeat(70),
    result: 'ok',
    tookMs: 1,
  }
  const table = claimTable([row], 120)
  assert.ok(table.split('\n').every((line) => line.length <= 120))
  assert.equal(table.match(/holds/g)?.length, 9)
  assert.match(table, /^000 .* ok$/m)
})

test('every claim is of its seed, says something of its own, and is listed', async () => {
  const claims = SEEDS.flatMap((seed) => seed.claims.map((one) => ({ ...one, of: seed.name })))
  assert.deepEqual(
    claims.filter(({ seed, of }) => seed !== of),
    [],
  )
  assert.equal(new Set(claims.map(({ seed, says }) => seed + says)).size, claims.length)
  const { code, output } = await command('--list')
  assert.equal(code, 0)
  assert.equal(output.trimEnd().split('\n').length, claims.length)
})

test('the command says what it does not understand', async () => {
  for (const args of [['--only', '007'], ['--colour']]) {
    const { code, output } = await command(...args)
    assert.equal(code, 2)
    assert.match(output, /see --help/)
  }
})

async function command(...args: readonly string[]) {
  const child = spawn(process.execPath, [COMMAND, ...args], { stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (piece: string) => {
      output += piece
    })
  const [code] = (await once(child, 'close')) as [number | null]
  return { code, output }
}
