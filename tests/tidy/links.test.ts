// Every link in the documents leads somewhere.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { anchorsOf, brokenLinks } from './links.ts'
import { readTree } from './tree.ts'
import { judge } from './verdict.ts'

const messages = (text: string): string[] =>
  brokenLinks(
    [
      { path: 'docs/a.md', text },
      { path: 'docs/b.md', text: '# One `x` thing, twice!\n# 설정 값\n```\n# code\n```\n' },
    ],
    (path) => path === 'scripts' || path === 'docs/a.png',
  ).map((problem) => problem.message)

test('a link that leads nowhere is named, with its line', () => {
  assert.deepEqual(messages('[a](c.md)'), ['c.md leads nowhere.'])
  assert.deepEqual(messages('![a](../b.png "title")'), ['../b.png leads nowhere.'])
  assert.deepEqual(messages('[a]: ./d.md'), ['./d.md leads nowhere.'])
  assert.deepEqual(messages('[a](../../x.md)'), ['../../x.md leaves the repository.'])
  assert.equal(brokenLinks([{ path: 'a.md', text: '\n\n[a](c.md)' }], () => false)[0]?.line, 3)
})

test('files, folders, headings and the web are fine', () => {
  const text =
    '[a](b.md) [b](../scripts/) ![c](a.png) [d](https://example.org/x) [e](#top)\n# Top\n'
  assert.deepEqual(messages(text), [])
})

test('headings are looked up as GitHub names them', () => {
  assert.deepEqual(messages('[a](b.md#one-x-thing-twice) [b](b.md#설정-값)'), [])
  assert.equal(messages('[a](b.md#code)').length, 1)
  assert.deepEqual([...anchorsOf('# A\n## A\n')], ['a', 'a-1'])
})

test('code is not a link', () => {
  assert.deepEqual(messages('`[a](c.md)`\n\n```\n[a](c.md)\n```\n'), [])
})

test('links lead somewhere', () => judge('links lead somewhere', brokenLinks(readTree())))
