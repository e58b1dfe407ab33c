import assert from 'node:assert/strict'
import { test } from 'node:test'
import { markdownTable, withSection } from './page.ts'

test('a section is put at the end first, and in its own place afterwards', () => {
  const first = withSection('# Page\n', 'one', 'old')
  const both = withSection(first, 'two', 'other')
  assert.equal(
    withSection(both, 'one', '\nnew $& text\n'),
    both.replace('old', () => 'new $& text'),
  )
  assert.ok(both.includes('other') && both.startsWith('# Page\n'))
})

test('numbers stand to the right', () => {
  const table = markdownTable({ columns: ['who', 'much'], rows: [['a', 1_234]] })
  assert.equal(table, '| who | much |\n| --- | ---: |\n| a | 1,234 |')
})
