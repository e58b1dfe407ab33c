import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { tokenize } from './links.ts'

const linksOf = (text: string): readonly string[] =>
  tokenize(text).flatMap((token) => (token.kind === 'link' ? [token.text] : []))

test('a sentence’s end is not part of an address', () => {
  assert.deepEqual(linksOf('See https://a.example/b. Or https://c.example/d?e=f!'), [
    'https://a.example/b',
    'https://c.example/d?e=f',
  ])
  assert.deepEqual(linksOf('"https://a.example/b", “https://c.example”'), [
    'https://a.example/b',
    'https://c.example',
  ])
})

test('a bracket belongs to the address that opened it', () => {
  assert.deepEqual(linksOf('(https://a.example/x_(y))'), ['https://a.example/x_(y)'])
  assert.deepEqual(linksOf('(https://a.example/x)'), ['https://a.example/x'])
})

test('a Korean particle after a host is not part of it, a Korean path is', () => {
  assert.deepEqual(linksOf('https://a.example에서 봐요'), ['https://a.example'])
  assert.deepEqual(linksOf('https://ko.example.org/wiki/마당'), [
    'https://ko.example.org/wiki/마당',
  ])
  assert.deepEqual(linksOf('https://도메인.한국 으로'), ['https://도메인.한국'])
})

test('only http and https are links', () => {
  const hostile = [
    'javascript:alert(1)',
    'data:text/html,x',
    'ftp://a.example',
    'file:///etc/passwd',
    '//a.example',
    'HTTPS://',
  ]
  for (const text of hostile) assert.deepEqual(linksOf(text), [], text)
  assert.deepEqual(linksOf('HTTP://A.example'), ['HTTP://A.example'])
})

test('an address that pretends to be another host is text', () => {
  assert.deepEqual(linksOf('https://bank.example@evil.example/'), [])
  assert.deepEqual(linksOf('https://user:pass@evil.example/'), [])
})

test('every text comes back whole, and every link leads to http or https', () => {
  const part = fc.oneof(
    fc.string(),
    fc.webUrl({ withQueryParameters: true, withFragments: true }),
    fc.constantFrom(
      'https://',
      'http://(',
      ').',
      'javascript:',
      '에서',
      '\n',
      '@',
      '"><img src=x>',
    ),
  )
  fc.assert(
    fc.property(fc.array(part), (parts) => {
      const text = parts.join('')
      const tokens = tokenize(text)
      assert.equal(tokens.map((token) => token.text).join(''), text)
      for (const token of tokens) {
        assert.notEqual(token.text, '')
        if (token.kind === 'link') assert.match(token.href, /^https?:\/\/[^/@]+/)
      }
    }),
  )
})

test('a long hostile text costs little', () => {
  const text = `https://a.example/${'('.repeat(2_000)}${')'.repeat(2_000)}`
  assert.equal(
    tokenize(text)
      .map((token) => token.text)
      .join(''),
    text,
  )
})
