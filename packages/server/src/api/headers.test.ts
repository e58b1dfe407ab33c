import assert from 'node:assert/strict'
import { test } from 'node:test'
import { partOf, securityHeaders } from './headers.ts'

const plain = { host: 'chat.example', isTls: false }
const policy = (part: 'app' | 'docs' | 'data', where: { host: string | undefined } = plain) =>
  securityHeaders(part, { ...plain, ...where })['content-security-policy'] ?? ''

test('every path belongs to a part', () => {
  const parts: [string, string][] = [
    ['/', 'app'],
    ['/c/general', 'app'],
    ['/apiary', 'app'],
    ['/api', 'data'],
    ['/api/session', 'data'],
    ['/api/openapi.json', 'data'],
    ['/api/docs', 'docs'],
    ['/api/docs/static/index.css', 'docs'],
    ['/api/docsx', 'data'],
    ['/health/readiness', 'data'],
    ['/metrics', 'data'],
  ]
  for (const [path, part] of parts) assert.equal(partOf(path), part, path)
})

test('no page runs a script that was not shipped as a file, or is framed by anybody', () => {
  for (const part of ['app', 'docs', 'data'] as const) {
    assert.match(policy(part), /default-src 'none'/)
    assert.match(policy(part), /frame-ancestors 'none'/)
    assert.match(policy(part), /base-uri 'none'/)
    assert.doesNotMatch(policy(part), /script-src[^;]*('unsafe|\*|https?:)/)
  }
  assert.doesNotMatch(policy('app'), /unsafe/)
  assert.doesNotMatch(policy('data'), /script-src/)
})

test('the app may connect to its own host, by HTTP and by WebSocket, and to nothing else', () => {
  assert.match(policy('app'), /connect-src 'self' ws:\/\/chat\.example wss:\/\/chat\.example(;|$)/)
  assert.match(policy('app', { host: 'localhost:3000' }), /ws:\/\/localhost:3000 /)
})

test('a host that is none does not get into the policy', () => {
  for (const host of [undefined, '', "a; script-src *'", 'a b', 'a,b', 'a\r\nx: y', '*']) {
    assert.match(policy('app', { host }), /connect-src 'self'(;|$)/, String(host))
  }
})

test('TLS once is TLS for a year, and only there', () => {
  assert.equal(securityHeaders('app', plain)['strict-transport-security'], undefined)
  const tls = securityHeaders('app', { ...plain, isTls: true })
  assert.equal(tls['strict-transport-security'], 'max-age=31536000')
})

test('data is not kept by caches, and never guessed to be something else', () => {
  assert.equal(securityHeaders('data', plain)['cache-control'], 'no-store')
  for (const part of ['app', 'docs', 'data'] as const) {
    assert.equal(securityHeaders(part, plain)['x-content-type-options'], 'nosniff')
    assert.equal(securityHeaders(part, plain)['referrer-policy'], 'no-referrer')
  }
})
