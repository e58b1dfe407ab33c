import assert from 'node:assert/strict'
import { test } from 'node:test'
import { testCatalogues } from './catalogue.case.ts'
import { en } from './en.ts'
import { ko } from './ko.ts'

testCatalogues(en, ko, ['signIn.loginHint'])

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
