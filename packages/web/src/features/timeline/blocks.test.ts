import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { blocksOf, isPicture, spansOf } from './blocks.ts'

test('a fenced block is code, without its fences and its language', () => {
  assert.deepEqual(blocksOf('see:\n```ts\nconst a = 1\n\nreturn a\n```\ndone'), [
    { kind: 'text', text: 'see:' },
    { kind: 'code', text: 'const a = 1\n\nreturn a' },
    { kind: 'text', text: 'done' },
  ])
  assert.deepEqual(blocksOf('```\nonly\n```'), [{ kind: 'code', text: 'only' }])
  assert.deepEqual(blocksOf('```\none\n```\n```\ntwo\n```'), [
    { kind: 'code', text: 'one' },
    { kind: 'code', text: 'two' },
  ])
})

test('what is not a whole block stays as it was written', () => {
  for (const text of ['```', '```\nopen', 'a ``` b ``` c', '```\n```', '', 'plain\n\ntext']) {
    assert.deepEqual(blocksOf(text), [{ kind: 'text', text }])
  }
})

test('words between backticks are code', () => {
  assert.deepEqual(spansOf('run `npm start`, then'), [
    { kind: 'text', text: 'run ' },
    { kind: 'code', text: 'npm start' },
    { kind: 'text', text: ', then' },
  ])
  assert.deepEqual(spansOf('a ` b\nc ` d'), [{ kind: 'text', text: 'a ` b\nc ` d' }])
  assert.deepEqual(spansOf('``'), [{ kind: 'text', text: '``' }])
})

test('no letter is lost, whatever is written', () => {
  const letters = (text: string) => text.replaceAll(/[`\n]/g, '')
  const written = fc.array(fc.constantFrom('a', '`', '```', '\n', '```\n', 'https://b.c'))
  fc.assert(
    fc.property(written, (parts) => {
      const text = parts.join('').replaceAll(/(^|\n)```[^\n`]+\n/g, '$1```\n')
      const shown = blocksOf(text).flatMap((block) =>
        block.kind === 'code' ? [block.text] : spansOf(block.text).map((span) => span.text),
      )
      assert.equal(letters(shown.join('')), letters(text))
    }),
  )
})

test('a few emoji are a picture, words and digits are not', () => {
  for (const text of ['🎉', '🎉🎉🎉', '👍🏽', '👩‍👩‍👧 ❤️']) assert.ok(isPicture(text), text)
  for (const text of ['', '1', '#', '🎉 yes', '🎉🎉🎉🎉']) assert.ok(!isPicture(text), text)
})
