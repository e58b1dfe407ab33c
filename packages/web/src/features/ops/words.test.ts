import assert from 'node:assert/strict'
import { test } from 'node:test'
import { en } from './words-en.ts'
import { ko } from './words-ko.ts'

type Entry = readonly [path: string, said: unknown]

function entriesOf(catalogue: object, path = ''): readonly Entry[] {
  return Object.entries(catalogue).flatMap(([name, said]): readonly Entry[] =>
    typeof said === 'object' && said !== null
      ? entriesOf(said, `${path}${name}.`)
      : [[path + name, said]],
  )
}

test('Korean says everything that English says, in Korean', () => {
  const paths = (catalogue: object) => entriesOf(catalogue).map(([path]) => path)
  assert.deepEqual(paths(ko).sort(), paths(en).sort())
  for (const [path, said] of entriesOf(ko)) {
    if (typeof said === 'string') assert.match(said, /[가-힣]/, path)
  }
  for (const [path, said] of entriesOf(en)) assert.notEqual(said, '', path)
})
