import assert from 'node:assert/strict'
import { test } from 'node:test'
import { messageKey, type Pressed } from './message-keys.ts'

const pressed = (key: string, over: Partial<Pressed> = {}): Pressed => ({
  key,
  code: '',
  shiftKey: false,
  altKey: false,
  ctrlKey: false,
  metaKey: false,
  ...over,
})

test('the arrows go from message to message, and letters do what stands in its buttons', () => {
  assert.equal(messageKey(pressed('ArrowUp')), 'older')
  assert.equal(messageKey(pressed('ArrowDown')), 'newer')
  assert.equal(messageKey(pressed('e', { code: 'KeyE' })), 'edit')
  assert.equal(messageKey(pressed('ㄷ', { code: 'KeyE' })), 'edit')
  assert.equal(messageKey(pressed('Delete')), 'delete')
  assert.equal(messageKey(pressed('Escape')), 'leave')
})

test('with another key held down they belong to the browser and to the shortcuts of the page', () => {
  assert.equal(messageKey(pressed('ArrowUp', { altKey: true })), undefined)
  assert.equal(messageKey(pressed('e', { code: 'KeyE', ctrlKey: true })), undefined)
  assert.equal(messageKey(pressed('x', { code: 'KeyX' })), undefined)
})
