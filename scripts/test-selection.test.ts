// A command line means the test files that one would expect.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { opensWeb, selectTests } from './test-selection.ts'

const all = [
  'packages/client/src/a.test.ts',
  'packages/protocol/src/a.test.ts',
  'tests/tidy/b.test.ts',
]
const files = (...wanted: string[]): readonly string[] => selectTests(all, wanted).files

test('no argument is everything', () => assert.deepEqual(files(), all))

test('a file, a folder and a part of a path are understood', () => {
  assert.deepEqual(files('packages/protocol/src/a.test.ts'), [all[1]])
  assert.deepEqual(files('./packages/protocol/'), [all[1]])
  assert.deepEqual(files('a.test'), [all[0], all[1]])
})

test('a file that is meant twice runs once', () => {
  assert.deepEqual(files('tests', 'tests/tidy/b.test.ts'), [all[2]])
})

test('what fits nothing is named', () => {
  assert.deepEqual(selectTests(all, ['tests', 'nowhere']).unknown, ['nowhere'])
})

test('the web app is built for what may open it', () => {
  assert.equal(opensWeb(all), false)
  assert.equal(opensWeb(['tests/e2e/chat.test.ts']), true)
  assert.equal(opensWeb(['packages/server/src/app.test.ts']), true)
})
