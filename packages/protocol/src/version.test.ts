import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { z } from 'zod'
import {
  DOWN,
  ERRORS,
  ErrorShape,
  Handshake,
  LIMITS,
  type LimitName,
  ROUTES,
  UP,
  WIRE_HASH,
  WIRE_VERSION,
  WIRE_VERSION_MIN,
} from './index.ts'

/** Limits that a client can notice, but that no schema shows. */
const wireLimits: readonly LimitName[] = [
  'payloadBytesMax',
  'payloadDepthMax',
  'syncChannelsMax',
  'openChannelsMax',
  'historyEventsDefault',
  'replayEventsMax',
  'replayPageEvents',
  'typingExpiryMs',
]

function wireShape(): object {
  const input = (schema: z.ZodType) => z.toJSONSchema(schema, { io: 'input' })
  const output = (schema: z.ZodType) => z.toJSONSchema(schema, { io: 'output' })
  const entries = <T, R>(table: Record<string, T>, shape: (row: T) => R) =>
    Object.fromEntries(Object.entries(table).map(([name, row]) => [name, shape(row)]))
  return {
    handshake: input(Handshake),
    up: entries(UP, ({ request, result }) => [input(request), output(result)]),
    down: entries(DOWN, output),
    error: output(ErrorShape),
    // The text is for people; the rest is what a client acts upon.
    errors: entries(ERRORS, ({ status, retry }) => [status, retry]),
    limits: wireLimits.map((name) => [name, LIMITS[name]]),
    routes: entries(ROUTES, (route) => [
      [route.method, route.path, route.auth, route.status],
      'params' in route ? input(route.params) : null,
      'query' in route ? input(route.query) : null,
      'body' in route ? input(route.body) : null,
      output(route.response),
    ]),
  }
}

/** Keys in one order, so that only a change of meaning changes the text. */
function canonical(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(canonical)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, inner]) => [key, canonical(inner)]),
  )
}

test('the wire is what its version says', () => {
  const text = JSON.stringify(canonical(wireShape()))
  const hash = createHash('sha256').update(text).digest('hex').slice(0, 16)
  assert.equal(
    hash,
    WIRE_HASH,
    `The wire has changed. If that was meant: raise WIRE_VERSION in packages/protocol/src/version.ts (unless this version was never released), add a history line, ` +
      `set WIRE_HASH to '${hash}', and see that clients of version ${WIRE_VERSION_MIN} and later are still served. If not, undo the change.`,
  )
})

test('every version has a history line, and the served ones are a range', () => {
  const source = readFileSync(new URL('./version.ts', import.meta.url), 'utf8')
  const history = source.slice(source.indexOf('History'))
  const lines = [...history.matchAll(/^ \* (\d+) {2}\S/gm)].map((match) => Number(match[1]))
  assert.deepEqual(
    lines,
    Array.from({ length: WIRE_VERSION }, (_, index) => index + 1),
  )
  assert.ok(WIRE_VERSION_MIN >= 1 && WIRE_VERSION_MIN <= WIRE_VERSION)
  assert.ok(WIRE_VERSION - WIRE_VERSION_MIN <= 1, 'a server serves its version and the one before')
})

test('the history names every event', () => {
  const source = readFileSync(new URL('./version.ts', import.meta.url), 'utf8')
  const history = source.slice(source.indexOf('History'))
  for (const name of [...Object.keys(UP), ...Object.keys(DOWN)]) {
    assert.match(history, new RegExp(`\\b${name}\\b`))
  }
})
