import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { addressKey, clientAddress } from './addresses.ts'

describe('a client’s address', () => {
  it('is the peer’s where no proxy is trusted, whatever the header says', () => {
    assert.equal(clientAddress('10.0.0.9', '1.2.3.4', 0), '10.0.0.9')
    assert.equal(clientAddress('::ffff:10.0.0.9', undefined, 0), '10.0.0.9')
  })

  it('is what the outermost trusted proxy saw, whatever a client wrote before it', () => {
    assert.equal(clientAddress('10.0.0.9', '6.6.6.6, 1.2.3.4', 1), '1.2.3.4')
    assert.equal(clientAddress('10.0.0.9', '6.6.6.6, 1.2.3.4, 10.0.0.8', 2), '1.2.3.4')
    assert.equal(clientAddress('10.0.0.9', ['6.6.6.6', '1.2.3.4'], 1), '1.2.3.4')
  })

  it('is the leftmost where fewer proxies wrote than are trusted', () => {
    assert.equal(clientAddress('10.0.0.9', '1.2.3.4', 3), '1.2.3.4')
  })

  it('is the peer’s where the header has no address in that place', () => {
    for (const junk of ['unknown', '', ',', '1.2.3.4:80', '<script>', '1'.repeat(10_000)]) {
      assert.equal(clientAddress('10.0.0.9', junk, 1), '10.0.0.9')
    }
  })
})

describe('what counts as one address', () => {
  it('is an IPv4 address itself, and the first half of an IPv6 address', () => {
    assert.equal(addressKey('1.2.3.4'), '1.2.3.4')
    const same = ['2001:db8::1', '2001:db8:0:0:ffff::2', '2001:0DB8:0000::', '2001:db8::1%eth0']
    assert.deepEqual(new Set(same.map(addressKey)), new Set(['2001:db8:0:0::/64']))
    assert.notEqual(addressKey('2001:db8:0:1::1'), addressKey('2001:db8::1'))
    assert.equal(addressKey('::1'), '0:0:0:0::/64')
    assert.equal(addressKey('1:2:3:4:5:6:7:8'), '1:2:3:4::/64')
  })
})
