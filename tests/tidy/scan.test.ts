// The scanner that the other rules stand on.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { scan } from './scan.ts'

/** The code that is left, without the blanks. */
const codeOf = (text: string): string => scan(text).code.replace(/ +/g, '')

test('strings and comments are not code', () => {
  assert.equal(codeOf(`a('{ \\' {', "}") // {\n/* { */ b`), `a('',"")\nb`)
})

test('comments are kept apart', () => {
  assert.equal(
    scan(`a // why\n'/* no */' /* yes */`).comments.replace(/ +/g, ' '),
    ' // why\n /* yes */',
  )
})

test('everything keeps its place', () => {
  const text = 'a /* x\ny */ "{" `${1}{`\n'
  assert.equal(scan(text).code.length, text.length)
  assert.equal(scan(text).code.split('\n').length, 3)
})

test('the expressions inside a template are code, nested ones too', () => {
  assert.equal(codeOf('f(`{ ${a({ b: `}${c}` })} {`, d)'), 'f(`a({b:`c`})`,d)')
})

test('a regular expression is not code, a division is', () => {
  assert.equal(codeOf("x = /['{/]/.test(y)"), 'x=//.test(y)')
  assert.equal(codeOf('x = a / b / {c}'), 'x=a/b/{c}')
  assert.equal(codeOf('return /}/'), 'return//')
  assert.equal(codeOf('of(1) / 2 / {}'), 'of(1)/2/{}')
})

test('tags and apostrophes of JSX do not confuse it', () => {
  assert.equal(codeOf("<p>don't {a}</p><b c={d} /> {e}"), "<p>don't{a}</p><bc={d}/>{e}")
})

test('an unclosed quote ends with its line', () => {
  assert.equal(codeOf("a = '{\n}"), "a='\n}")
})
