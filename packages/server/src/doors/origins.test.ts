import assert from 'node:assert/strict'
import { test } from 'node:test'
import { judgeOrigin, type OriginVerdict } from './origins.ts'

const listed = ['https://app.example', 'http://localhost:5173']

const cases: readonly (readonly [
  origin: string | undefined,
  host: string | undefined,
  verdict: OriginVerdict,
])[] = [
  [undefined, 'chat.example', 'none'],
  ['https://chat.example', 'chat.example', 'own'],
  ['http://chat.example', 'chat.example', 'own'],
  ['https://chat.example', 'CHAT.example', 'own'],
  ['https://chat.example', 'chat.example:443', 'own'],
  ['http://chat.example:3000', 'chat.example:3000', 'own'],
  ['http://[::1]:3000', '[::1]:3000', 'own'],
  ['http://chat.example:3000', 'chat.example:3001', 'refused'],
  ['https://chat.example:3000', 'chat.example', 'refused'],
  ['https://app.example', 'chat.example', 'listed'],
  ['http://localhost:5173', 'localhost:3000', 'listed'],
  ['http://app.example', 'chat.example', 'refused'],
  ['https://app.example.evil', 'chat.example', 'refused'],
  ['https://evil-app.example', 'chat.example', 'refused'],
  ['https://sub.app.example', 'chat.example', 'refused'],
  ['https://app.example:8443', 'chat.example', 'refused'],
  ['https://APP.example', 'chat.example', 'refused'],
  ['https://chat.example.evil', 'chat.example', 'refused'],
  ['https://chat.example@evil', 'chat.example', 'refused'],
  ['https://chat.example/', 'chat.example', 'refused'],
  ['https://evil.example', 'chat.example', 'refused'],
  ['null', 'chat.example', 'refused'],
  ['', 'chat.example', 'refused'],
  ['file://', 'chat.example', 'refused'],
  ['chrome-extension://abc', 'abc', 'refused'],
  ['file://chat.example', 'chat.example', 'refused'],
  ['HTTPS://CHAT.EXAMPLE.', 'chat.example', 'refused'],
  ['https://evil.example#https://chat.example', 'chat.example', 'refused'],
  ['*', 'chat.example', 'refused'],
  ['https://chat.example', undefined, 'refused'],
  ['https://evil.example', 'evil.example/../chat.example', 'refused'],
  ['https://evil.example', 'x@evil.example', 'refused'],
]

for (const [origin, host, verdict] of cases) {
  test(`the origin ${origin} at the host ${host} is ${verdict}`, () => {
    assert.equal(judgeOrigin({ origin, host }, listed), verdict)
  })
}
