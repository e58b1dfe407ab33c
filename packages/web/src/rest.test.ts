import assert from 'node:assert/strict'
import { test } from 'node:test'
import { address, createRest } from './rest.ts'

function answering(status: number, ...bodies: readonly string[]) {
  const calls: { url: string; init: RequestInit | undefined }[] = []
  const waits: number[] = []
  const rest = createRest(
    async (url, init) => {
      calls.push({ url: String(url), init })
      const last = bodies.at(-1)
      return new Response(bodies[calls.length - 1] ?? last, { status })
    },
    async (ms) => void waits.push(ms),
  )
  return { rest, calls, waits }
}

test('parameters and query are escaped', () => {
  assert.equal(address('/a/:id/b', { params: { id: 'x/y?z' } }), '/a/x%2Fy%3Fz/b')
  assert.equal(
    address('/a', { query: { after: 'é&', limit: 5, no: undefined } }),
    '/a?after=%C3%A9%26&limit=5',
  )
})

test('an answer is an outcome with the reply in it', async () => {
  const { rest, calls } = answering(201, '{"person":{"id":"1","name":"Mina","kind":"guest"}}')
  const outcome = await rest.call('createGuest', { body: { name: 'Mina' } })
  assert.ok(outcome.ok)
  assert.equal(outcome.person.name, 'Mina')
  assert.equal(calls[0]?.url, '/api/guests')
  assert.equal(calls[0]?.init?.method, 'POST')
  assert.equal(calls[0]?.init?.body, '{"name":"Mina"}')
})

test('a refusal is the error that the server wrote', async () => {
  const { rest } = answering(403, '{"code":"forbidden","text":"no","retry":"never"}')
  const outcome = await rest.call('deleteSession', {})
  assert.deepEqual(outcome, { ok: false, error: { code: 'forbidden', text: 'no', retry: 'never' } })
})

test('whatever a proxy in between writes counts as unreachable', async () => {
  for (const body of ['<h1>502</h1>', '{}', 'null', '{"error":"x"}', '{"code":502}', '']) {
    const { rest } = answering(502, body)
    const outcome = await rest.call('getSession', {})
    assert.equal(outcome.ok, false, body)
    assert.equal(!outcome.ok && outcome.error.code, 'unavailable', body)
  }
})

test('a network that is down is an outcome, not an exception', async () => {
  const rest = createRest(
    () => Promise.reject(new TypeError('fetch failed')),
    () => assert.fail('what may have been done is not done again'),
  )
  const outcome = await rest.call('listCommunities', {})
  assert.equal(!outcome.ok && outcome.error.code, 'unavailable')
})

test('a server that is busy is asked again after the time it names, three times in all', async () => {
  const busy = (ms: number) => `{"code":"busy","text":"","retry":"later","retryAfterMs":${ms}}`
  const { rest, calls, waits } = answering(503, busy(200), busy(60_000), busy(1))
  const outcome = await rest.call('createCommunity', { body: { name: 'Home' } })
  assert.equal(!outcome.ok && outcome.error.code, 'busy')
  assert.equal(calls.length, 3)
  assert.deepEqual(waits, [200, 5_000])
})
