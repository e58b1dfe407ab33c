import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Stroke, shortcutOf, step } from './shortcuts.ts'

const stroke = (over: Partial<Stroke>): Stroke => ({
  key: '',
  code: '',
  shiftKey: false,
  altKey: false,
  ctrlKey: false,
  metaKey: false,
  isComposing: false,
  ...over,
})

test('Ctrl or ⌘ with K opens the switcher, also where the key writes Korean', () => {
  assert.equal(shortcutOf(stroke({ key: 'k', code: 'KeyK', ctrlKey: true }), true), 'switcher')
  assert.equal(shortcutOf(stroke({ key: 'ㅏ', code: 'KeyK', metaKey: true }), true), 'switcher')
  assert.equal(shortcutOf(stroke({ key: 'k', code: 'KeyK' }), false), undefined)
  const both = stroke({ key: 'k', code: 'KeyK', metaKey: true, ctrlKey: true })
  assert.equal(shortcutOf(both, false), undefined)
})

test('a question mark asks for help, except where it is written', () => {
  const asked = stroke({ key: '?', code: 'Slash', shiftKey: true })
  assert.equal(shortcutOf(asked, false), 'help')
  assert.equal(shortcutOf(asked, true), undefined)
  assert.equal(shortcutOf(stroke({ key: '/', code: 'Slash', ctrlKey: true }), true), 'help')
})

test('Alt with the arrows goes through channels, with Shift through the unread ones', () => {
  const arrow = (key: string, shiftKey = false) =>
    shortcutOf(stroke({ key, code: key, altKey: true, shiftKey }), true)
  assert.equal(arrow('ArrowUp'), 'previous')
  assert.equal(arrow('ArrowDown'), 'next')
  assert.equal(arrow('ArrowUp', true), 'previousUnread')
  assert.equal(arrow('ArrowDown', true), 'nextUnread')
})

test('nothing happens while a syllable is composed', () => {
  const composing = stroke({ key: 'k', code: 'KeyK', ctrlKey: true, isComposing: true })
  assert.equal(shortcutOf(composing, true), undefined)
})

test('a list goes round', () => {
  assert.equal(step(['a', 'b', 'c'], 2, 1), 'a')
  assert.equal(step(['a', 'b', 'c'], 0, -1), 'c')
  assert.equal(step(['a', 'b', 'c'], -1, 1), 'a')
  assert.equal(step(['a', 'b', 'c'], -1, -1), 'c')
  assert.equal(step([], -1, 1), undefined)
})
