import assert from 'node:assert/strict'
import { test } from 'node:test'
import { en } from './en.ts'
import { ko } from './ko.ts'

type Entry = readonly [path: string, said: unknown]

function entriesOf(catalogue: object, path = ''): readonly Entry[] {
  return Object.entries(catalogue).flatMap(([name, said]): readonly Entry[] =>
    typeof said === 'object' && said !== null
      ? entriesOf(said, `${path}${name}.`)
      : [[path + name, said]],
  )
}

test('Korean says everything that English says', () => {
  const paths = (catalogue: object) => entriesOf(catalogue).map(([path]) => path)
  assert.deepEqual(paths(ko).sort(), paths(en).sort())
})

test('no entry is empty, and Korean entries are Korean', () => {
  const same = ['signIn.loginHint']
  for (const [path, said] of entriesOf(ko)) {
    if (typeof said !== 'string') continue
    assert.match(said, /[가-힣]/, path)
    assert.ok(same.includes(path) || said !== entriesOf(en).find(([p]) => p === path)?.[1], path)
  }
  for (const [path, said] of entriesOf(en)) assert.notEqual(said, '', path)
})

test('one and two who type are named, a crowd is not', () => {
  assert.equal(en.timeline.typing(['Mina']), 'Mina is typing…')
  assert.equal(en.timeline.typing(['Mina', 'Jun']), 'Mina and Jun are typing…')
  assert.equal(en.timeline.typing(['a', 'b', 'c']), 'Several people are typing…')
})

test('a crowd that comes in is named by its first', () => {
  assert.equal(en.timeline.notes.joined(['Mina'], -2), 'Mina joined')
  assert.equal(en.timeline.notes.joined(['Mina', 'Jun', 'Theo'], 0), 'Mina, Jun, and Theo joined')
  assert.equal(en.timeline.notes.left(['a', 'b', 'c'], 4), 'a, b, c, and 4 others left')
  assert.equal(ko.timeline.notes.joined(['민아', '준호'], -1), '민아 님, 준호 님이 들어왔어요')
  assert.equal(
    ko.timeline.notes.joined(['가', '나', '다'], 2),
    '가 님, 나 님, 다 님 외 2명이 들어왔어요',
  )
})
