// Every way of importing is seen, and nothing else.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { importsOf } from './imports.ts'

const seen = (text: string): string[] =>
  importsOf(text).map((one) => `${one.isTypeOnly ? 'type ' : ''}${one.specifier}`)

test('each form of import is seen', () => {
  const text = `import a, { b } from 'one'
import type { C } from 'two'
import * as d from "three"
import {
  e,
  type F,
} from 'four'
import 'five'
export { g } from 'six'
export type * from 'seven'
export * as h from 'eight'
const i = await import('nine')
const j = new Worker(new URL('./ten.ts', import.meta.url))
`
  assert.deepEqual(seen(text), [
    'one',
    'type two',
    'three',
    'four',
    'five',
    'six',
    'type seven',
    'eight',
    'nine',
    './ten.ts',
  ])
})

test('comments, strings and look-alikes are not imports', () => {
  const text = `// import a from 'one'
const b = "import c from 'two'"
export const from = 'three'
export function important(d = 'four') {}
import.meta.url
new URL('./folder', import.meta.url)
`
  assert.deepEqual(seen(text), [])
})

test('an import of an inline type is an import at run time', () => {
  assert.deepEqual(seen("import { type A } from 'one'"), ['one'])
})

test('an import knows its line', () => {
  assert.deepEqual(
    importsOf("\n\nimport 'one'\nimport a from 'two'").map((one) => one.line),
    [3, 4],
  )
})
