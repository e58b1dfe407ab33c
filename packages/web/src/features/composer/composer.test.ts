import assert from 'node:assert/strict'
import { test } from 'node:test'
import { LIMITS } from '@madang/client'
import { type Key, keyAction } from './keys.ts'
import { lanesOf } from './lanes.ts'
import { room, sendable } from './sendable.ts'

const press = (key: string, over: Partial<Key> = {}) =>
  keyAction({
    key,
    shiftKey: false,
    altKey: false,
    ctrlKey: false,
    metaKey: false,
    isComposing: false,
    keyCode: 0,
    ...over,
  })

test('Enter sends, Shift+Enter does not', () => {
  assert.equal(press('Enter'), 'send')
  assert.equal(press('Enter', { shiftKey: true }), 'none')
  assert.equal(press('a'), 'none')
})

test('Enter and Escape that end a Korean syllable do nothing else', () => {
  for (const key of ['Enter', 'Escape', 'ArrowUp']) {
    assert.equal(press(key, { isComposing: true }), 'none', key)
    assert.equal(press(key, { keyCode: 229 }), 'none', key)
  }
})

test('the arrow up asks for the last message', () => {
  assert.equal(press('ArrowUp'), 'editLast')
  assert.equal(press('ArrowUp', { altKey: true }), 'none')
})

test('what is sent has something in it, and nothing that no store keeps', () => {
  assert.equal(sendable('  hi\n'), 'hi')
  assert.equal(sendable(' \n\t'), undefined)
  assert.equal(sendable('\0'), undefined)
  assert.equal(sendable('a\0b'), 'ab')
  assert.equal(sendable('\ud800'), '\ufffd')
  assert.equal(sendable('x'.repeat(LIMITS.textCharsMax)), 'x'.repeat(LIMITS.textCharsMax))
  assert.equal(sendable('x'.repeat(LIMITS.textCharsMax + 1)), undefined)
})

test('the room that is left is said only where it is little', () => {
  assert.equal(room('short'), undefined)
  assert.equal(room('x'.repeat(LIMITS.textCharsMax - 5)), 5)
  assert.equal(room('x'.repeat(LIMITS.textCharsMax + 3)), -3)
})

test('only moderators of a live channel write notices', () => {
  assert.deepEqual(lanesOf({ kind: 'text', role: 'owner' }), ['chat'])
  assert.deepEqual(lanesOf({ kind: 'live', role: 'member' }), ['chat', 'question'])
  assert.deepEqual(lanesOf({ kind: 'live', role: 'moderator' }), ['chat', 'question', 'notice'])
})
