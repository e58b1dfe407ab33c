import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { z } from 'zod'
import {
  pathOf,
  readPath,
  STORE_API_HASH,
  STORE_API_LIMITS,
  STORE_API_PREFIX,
  STORE_API_VERSION,
} from './contract.ts'
import { METHODS } from './methods.ts'

function shape(): object {
  const methods = Object.entries(METHODS).map(([name, { takes, request, result, need }]) => [
    name,
    takes,
    need,
    z.toJSONSchema(request, { io: 'input' }),
    z.toJSONSchema(result, { io: 'output' }),
  ])
  return { path: pathOf('x'), limits: STORE_API_LIMITS, methods: methods.toSorted() }
}

test('the contract of the store API is what its version says', () => {
  const text = JSON.stringify(shape())
  const hash = createHash('sha256').update(text).digest('hex').slice(0, 16)
  assert.equal(
    hash,
    STORE_API_HASH,
    'The contract between gateways and API processes has changed. Where a backend that keeps the old one would go wrong, raise STORE_API_VERSION in ' +
      `packages/server/src/store/remote/contract.ts and add a history line; in any case set STORE_API_HASH to '${hash}'.`,
  )
})

test('every version has a history line', () => {
  const source = readFileSync(new URL('./contract.ts', import.meta.url), 'utf8')
  const history = source.slice(source.indexOf('History'))
  const lines = [...history.matchAll(/^ \* (\d+) {2}\S/gm)].map((match) => Number(match[1]))
  assert.deepEqual(
    lines,
    Array.from({ length: STORE_API_VERSION }, (_, index) => index + 1),
  )
})

test('a path names a version and a method, or nothing', () => {
  assert.ok(pathOf('append').startsWith(STORE_API_PREFIX))
  assert.deepEqual(readPath(pathOf('append')), { version: STORE_API_VERSION, method: 'append' })
  for (const path of ['/internal/', '/internal/v1/store/', '/internal/v1/store/a/b', '/api/x']) {
    assert.equal(readPath(path), null, path)
  }
})
