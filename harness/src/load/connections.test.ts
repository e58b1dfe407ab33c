import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { test } from 'node:test'

const LOAD = join(import.meta.dirname, '../load.ts')

test('connections are counted, and what each costs is a number', () => {
  const text = execFileSync(process.execPath, [LOAD, 'connections', '--quick'], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  const rows = text
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => line.trim().split(/ {2,}/))
  assert.deepEqual(
    rows.map(([count]) => count),
    ['20', '40'],
  )
  for (const row of rows) assert.ok(row.length === 4 && !row.includes('-'), text)
})
