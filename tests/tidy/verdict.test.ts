// Exceptions excuse what they name, and have to leave when they are not needed.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { judge } from './verdict.ts'

const problem = { path: 'a.ts', line: 3, message: 'is wrong.' }
const exception = { rule: 'a rule', path: 'a.ts', why: 'a test' }

test('a finding fails and is named with its line', () => {
  assert.throws(() => judge('a rule', [problem], []), /a\.ts:3 {2}is wrong\./)
})

test('an exception excuses its own rule and file only', () => {
  judge('a rule', [problem], [exception])
  assert.throws(() => judge('another rule', [problem], [exception]))
  assert.throws(
    () => judge('a rule', [problem, { ...problem, path: 'b.ts' }], [exception]),
    /b\.ts/,
  )
})

test('an exception that nothing needs fails', () => {
  assert.throws(() => judge('a rule', [], [exception]), /needs no exception/)
})
