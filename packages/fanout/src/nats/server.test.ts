import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { addressOf, serverOf } from './server.ts'

describe('the address of a NATS server', () => {
  it('is read with its secrets, and shown without', () => {
    const rows: [string, string, object][] = [
      ['localhost', 'localhost:4222', { tls: false, user: undefined, token: undefined }],
      ['10.0.0.1:4333', '10.0.0.1:4333', { tls: false }],
      ['nats://me:se%40cret@host:1', 'host:1', { user: 'me', pass: 'se@cret', token: undefined }],
      ['tls://t0ken@host', 'host:4222', { tls: true, user: undefined, token: 't0ken' }],
      ['nats://[::1]:4222', '[::1]:4222', { host: '::1' }],
    ]
    for (const [url, shown, expected] of rows) {
      const server = serverOf(url)
      assert.equal(addressOf(server), shown)
      assert.deepEqual({ ...server, ...expected }, server, url)
    }
  })

  it('is refused where it is none, without telling the secret', () => {
    for (const wrong of [
      '',
      'http://host',
      'redis://x:secret@h',
      'nats://',
      'nats://a:secret@:x',
    ]) {
      assert.throws(
        () => serverOf(wrong),
        (error: Error) => error instanceof TypeError && !error.message.includes('secret'),
        wrong,
      )
    }
  })
})
