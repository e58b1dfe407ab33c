import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { seedOf } from './seed.ts'
import { ROOT } from './steps.ts'

test('the dice are the same unless others are asked for', () => {
  assert.equal(seedOf(undefined), 1)
  assert.equal(seedOf(''), 1)
  assert.equal(seedOf('-731785753'), -731785753)
  assert.equal(seedOf('random'), undefined)
  for (const wrong of ['x', '1.5', '4294967296']) assert.throws(() => seedOf(wrong), RangeError)
})

test('a property test throws the dice that the run is given', () => {
  // Where the library is found, and nobody else looks.
  const folder = mkdtempSync(join(ROOT, 'node_modules', '.seed-'))
  try {
    const file = join(folder, 'dice.test.mjs')
    writeFileSync(file, DICE)
    const thrown = (seed: string) => diceOf(file, seed)
    assert.deepEqual(thrown('7'), thrown('7'))
    assert.notDeepEqual(thrown('7'), thrown('8'))
    assert.deepEqual(thrown(''), thrown('1'))
    assert.notDeepEqual(thrown('random'), thrown('random'))
  } finally {
    rmSync(folder, { recursive: true })
  }
})

const DICE = `import { test } from 'node:test'
import fc from 'fast-check'
test('dice', () => {
  fc.assert(fc.property(fc.integer(), (one) => void console.log('dice', one)), { numRuns: 5 })
})
`

function diceOf(file: string, seed: string): readonly string[] {
  const { NODE_TEST_CONTEXT: _, ...env } = process.env
  const options = ['--import=./scripts/test-seed.ts', '--test', '--test-reporter=spec', file]
  const { stdout } = spawnSync(process.execPath, options, {
    cwd: ROOT,
    env: { ...env, PROPERTY_SEED: seed },
    encoding: 'utf8',
  })
  const dice = stdout.match(/dice -?\d+/g) ?? []
  assert.equal(dice.length, 5, stdout)
  return dice
}
