import assert from 'node:assert/strict'
import { test } from 'node:test'
import { LIMITS } from '@madang/protocol'
import fc from 'fast-check'
import { Refusal } from '../core/refusal.ts'
import { depthOf, parseBody } from './json.ts'

const refusal = (text: string) => {
  try {
    parseBody(text)
  } catch (error) {
    assert.ok(error instanceof Refusal)
    return error.body.code
  }
  return 'none'
}

const nested = (depth: number) => `${'['.repeat(depth)}${']'.repeat(depth)}`

test('a body at the depth limit is parsed, and one deeper is refused before it is', () => {
  assert.deepEqual(parseBody(nested(3)), [[[]]])
  assert.equal(refusal(nested(LIMITS.payloadDepthMax)), 'none')
  assert.equal(refusal(nested(LIMITS.payloadDepthMax + 1)), 'too_deep')
  assert.equal(refusal('['.repeat(60_000)), 'too_deep')
})

test('brackets in strings do not count', () => {
  assert.deepEqual(parseBody('{"a":"[[[[[[[[[[[[\\"[[{{"}'), { a: '[[[[[[[[[[[["[[{{' })
})

test('no body is an empty object; what is not JSON is refused', () => {
  assert.deepEqual(parseBody(''), {})
  for (const text of ['{', 'a=b', '{"a":}', 'undefined', '\u0000']) {
    assert.equal(refusal(text), 'invalid', text)
  }
})

test('a key of the name __proto__ pollutes nothing', () => {
  parseBody('{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}')
  assert.equal('polluted' in {}, false)
})

test('the depth of any JSON text is that of its value', () => {
  const depth = (value: unknown): number =>
    typeof value === 'object' && value !== null
      ? 1 + Math.max(0, ...Object.values(value).map(depth))
      : 0
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 12 }), (value) => {
      assert.equal(depthOf(JSON.stringify(value)), depth(value))
    }),
  )
})
