import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { MyChannel } from '@madang/client'
import { findChannels, fit, initialsOf } from './switching.ts'

const channel = (name: string, unread = 0): MyChannel => ({
  id: name,
  communityId: 'c',
  kind: 'text',
  visibility: 'public',
  name,
  topic: '',
  createdAt: 0,
  epoch: 'e',
  head: 0,
  messages: 0,
  role: 'member',
  cursor: 0,
  unread,
})
const found = (typed: string, ...all: readonly MyChannel[]) =>
  findChannels(all, typed, '').map(({ name }) => name)

test('Korean names are found by their first consonants, and while a syllable is half written', () => {
  assert.equal(initialsOf('공지 사항 2'), 'ㄱㅈ ㅅㅎ 2')
  assert.equal(fit('공지', 'ㄱㅈ'), 0)
  assert.equal(fit('전체공지', 'ㄱㅈ'), 1)
  assert.equal(fit('공지', '고'), 0)
  assert.equal(fit('공지', '지고'), undefined)
})

test('names that begin so come first, whatever the case', () => {
  assert.deepEqual(found('GE', channel('hedgehog'), channel('general'), channel('x')), [
    'general',
    'hedgehog',
  ])
})

test('before anything is typed, what is unread comes first', () => {
  assert.deepEqual(found('', channel('b'), channel('a'), channel('c', 3)), ['c', 'a', 'b'])
})

test('no more than a screen of names is found', () => {
  const all = Array.from({ length: 100 }, (_, at) => channel(`room ${at}`))
  assert.equal(found('room', ...all).length, 30)
})
