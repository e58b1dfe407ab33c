import assert from 'node:assert/strict'
import { test } from 'node:test'
import { heapBytes, lastKnown, residentBytes } from './memory.ts'

test('where the system does not answer, the last answer stands', () => {
  const answers = [7, new Error('EMFILE: too many open files'), 9]
  const read = lastKnown(() => {
    const answer = answers.shift()
    if (typeof answer !== 'number') throw answer
    return answer
  })
  assert.deepEqual([read(), read(), read()], [7, 7, 9])
})

test('the process and its heap have a size', () => {
  const { used, total, external } = heapBytes()
  assert.ok(residentBytes() > 0 && used > 0 && total >= used && external >= 0)
})
