import assert from 'node:assert/strict'
import { it } from 'node:test'
import { deeperThan } from './depth.ts'

const nested = (depth: number, wrap: (inner: unknown) => unknown): unknown => {
  let value: unknown = 1
  for (let i = 0; i < depth; i++) value = wrap(value)
  return value
}

it('a value is as deep as its arrays and objects', () => {
  for (const wrap of [(inner: unknown) => [inner], (inner: unknown) => ({ a: 0, inner })]) {
    for (const depth of [0, 1, 7, 8]) assert.equal(deeperThan(nested(depth, wrap), 8), false)
    assert.equal(deeperThan(nested(9, wrap), 8), true)
  }
})

it('a value of any depth is looked at without exhausting the stack', () => {
  assert.equal(deeperThan(JSON.parse(`${'['.repeat(32_000)}${']'.repeat(32_000)}`), 8), true)
  assert.equal(deeperThan(JSON.parse('{"__proto__":{"a":1}}'), 2), false)
  assert.equal(deeperThan(JSON.parse('{"__proto__":{"a":1}}'), 1), true)
})
