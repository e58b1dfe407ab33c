import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { ZodError, type z } from 'zod'
import { check, DOWN, ErrorShape, Handshake, LogEvent, ROUTES, UP } from './index.ts'

const schemas: Record<string, z.ZodType> = { Handshake, ErrorShape, LogEvent }
for (const [name, { request, result }] of Object.entries(UP)) {
  schemas[`up ${name} request`] = request
  schemas[`up ${name} result`] = result
}
for (const [name, payload] of Object.entries(DOWN)) schemas[`down ${name}`] = payload
for (const [name, route] of Object.entries(ROUTES)) {
  schemas[`${name} response`] = route.response
  if ('params' in route) schemas[`${name} params`] = route.params
  if ('query' in route) schemas[`${name} query`] = route.query
  if ('body' in route) schemas[`${name} body`] = route.body
}

// Keys that schemas know, so that the values below get past the first level, and keys that have broken parsers.
const keys = fc.oneof(
  fc.constantFrom('channelId', 'clientId', 'text', 'target', 'open', 'cursors', 'cursor', 'kind'),
  fc.constantFrom('__proto__', 'constructor', 'toString', 'hasOwnProperty', 'then', 'length', ''),
  fc.string({ unit: 'binary' }),
)
const leaves = fc.oneof(
  fc.constantFrom('created', '01890a5d-ac96-774b-bcce-b302099a8057', 1, 0, -1, null, true, 1e308),
  fc.string({ unit: 'binary' }),
  fc.double(),
)
const { value } = fc.letrec((tie) => ({
  value: fc.oneof({ depthSize: 'small' }, leaves, tie('array'), tie('object')),
  array: fc.array(tie('value'), { maxLength: 4 }),
  object: fc.dictionary(keys, tie('value'), { maxKeys: 5 }),
}))

test('any JSON value is taken or refused with a ZodError by every schema, and pollutes nothing', () => {
  fc.assert(
    fc.property(value, (given) => {
      const json: unknown = JSON.parse(JSON.stringify(given))
      for (const schema of Object.values(schemas)) {
        const parsed = check(schema, json)
        if (!parsed.success) assert.ok(parsed.error instanceof ZodError)
      }
      assert.deepEqual(Object.keys(Object.prototype), [])
    }),
    { numRuns: 200 },
  )
})

test('a value whose length cannot be compared is refused like any other', () => {
  const parsed = check(UP.send.request, {
    channelId: id,
    clientId: 'c',
    text: { length: { toString: {} } },
  })
  assert.ok(!parsed.success && parsed.error instanceof ZodError)
})

test('a value nested a hundred thousand deep is refused, not followed', () => {
  const deep: unknown = JSON.parse(`${'['.repeat(100_000)}${']'.repeat(100_000)}`)
  for (const [name, schema] of Object.entries(schemas)) {
    assert.ok(!schema.safeParse(deep).success, name)
    schema.safeParse({ channelId: deep, open: deep, text: deep, reason: deep })
  }
})

const id = '01890a5d-ac96-774b-bcce-b302099a8057'

test('what a client may not decide is refused, not ignored', () => {
  const send = { channelId: id, clientId: 'c', text: 'a' }
  assert.ok(UP.send.request.safeParse(send).success)
  for (const extra of ['author', 'seq', 'createdAt', 'role', 'id', 'kind']) {
    assert.ok(!UP.send.request.safeParse({ ...send, [extra]: 'x' }).success, extra)
    assert.ok(
      !ROUTES.createMessage.body.safeParse({ clientId: 'c', text: 'a', [extra]: 'x' }).success,
    )
  }
  for (const [name, { request }] of Object.entries(UP)) {
    assert.ok(!request.safeParse({ channelId: id, surprise: 1 }).success, name)
  }
})

test('every route takes exactly what its path names', () => {
  for (const [name, route] of Object.entries(ROUTES)) {
    const named = [...route.path.matchAll(/:(\w+)/g)].map((match) => match[1])
    const params = 'params' in route ? Object.keys(route.params.shape) : []
    assert.deepEqual(params.toSorted(), named.toSorted(), name)
    assert.match(route.path, /^\/api\//)
  }
})

test('no two routes have the same method and path', () => {
  const places = Object.values(ROUTES).map(({ method, path }) => `${method} ${path}`)
  assert.equal(new Set(places).size, places.length)
})
