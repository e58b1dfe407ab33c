// Files and functions stay short.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { longFiles, longFunctions } from './length.ts'
import { readTree } from './tree.ts'
import { judge } from './verdict.ts'

const lines = (count: number): string => 'a()\n'.repeat(count)
const body = (count: number): string => `function f() {\n${lines(count - 2)}}\n`

test('a file may have as many lines as the bound, and no more', () => {
  assert.deepEqual(longFiles([{ path: 'a.ts', text: lines(400) }]), [])
  assert.match(longFiles([{ path: 'a.test.ts', text: lines(401) }])[0]?.message ?? '', /401 lines/)
  assert.deepEqual(longFiles([{ path: 'a.css', text: lines(600) }]), [])
  assert.equal(longFiles([{ path: 'a.css', text: lines(601) }]).length, 1)
  assert.deepEqual(longFiles([{ path: 'a.md', text: lines(1_000) }]), [])
})

test('a function may have as many lines as the bound, and no more', () => {
  assert.deepEqual(longFunctions([{ path: 'a.ts', text: body(70) }]), [])
  const [found] = longFunctions([{ path: 'a.ts', text: `\n${body(71)}` }])
  assert.equal(found?.line, 2)
  assert.match(found?.message ?? '', /^f has 71 lines/)
})

test('what is inside a function counts in code, and in a suite does not', () => {
  const text = `describe(() => {\n${`it(() => {\n${lines(30)}})\n`.repeat(3)}})\n`
  assert.equal(longFunctions([{ path: 'a.ts', text }]).length, 1)
  assert.deepEqual(longFunctions([{ path: 'a.test.ts', text }]), [])
  assert.equal(
    longFunctions([{ path: 'a.test.ts', text: `test(() => {\n${lines(80)}})\n` }]).length,
    1,
  )
})

test('files stay short', () => judge('files stay short', longFiles(readTree())))
test('functions stay short', () => judge('functions stay short', longFunctions(readTree())))
