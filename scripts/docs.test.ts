import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { PAGES } from './docs/pages.ts'
import { ROOT } from './steps.ts'

for (const { name, write } of PAGES) {
  test(`docs/reference/${name} says what the code says`, () => {
    const text = readFileSync(join(ROOT, 'docs/reference', name), 'utf8')
    assert.ok(text === write(), `docs/reference/${name} is stale: run node scripts/docs.ts.`)
  })

  test(`docs/reference/${name} explains every row`, () => {
    assert.doesNotMatch(write(), /undefined|\[object/)
    // Only a limit that refuses nobody has an empty cell, and that is its last.
    assert.doesNotMatch(write(), /\| {2}\| /)
  })
}

test('--check passes on fresh pages', () => {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [join(ROOT, 'scripts/docs.ts'), '--check'],
    { encoding: 'utf8' },
  )
  assert.equal(status, 0, stdout + stderr)
})
