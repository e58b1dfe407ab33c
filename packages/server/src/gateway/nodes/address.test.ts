import assert from 'node:assert/strict'
import { test } from 'node:test'
import { hostOf, readAddress, writeAddress } from './address.ts'

test('an address is read as it was written', () => {
  for (const place of [
    { host: '10.0.0.1', port: 80 },
    { host: 'node-1.internal', port: 4_100 },
    { host: '2001:db8::1', port: 65_535 },
  ]) {
    const written = writeAddress(place)
    assert.deepEqual(readAddress(written), place, written)
  }
  for (const none of ['', 'host', 'a b:1', ':1', 'h:99999', 'h:x']) {
    assert.equal(readAddress(none), undefined, none)
  }
})

test('auto is an address that others can reach', () => {
  const facts = { netmask: '', mac: '', cidr: null }
  const v4 = (address: string, internal = false) => ({
    ...{ ...facts, address, internal },
    family: 'IPv4' as const,
  })
  const v6 = (address: string) => ({
    ...{ ...facts, address, internal: false, scopeid: 0 },
    family: 'IPv6' as const,
  })
  const lo = [v4('127.0.0.1', true)]
  assert.equal(
    hostOf('10.1.1.1', () => assert.fail()),
    '10.1.1.1',
  )
  const eth0 = [v6('2001:db8::7'), v4('169.254.1.1'), v4('10.2.0.5')]
  assert.equal(
    hostOf('auto', () => ({ lo, eth0 })),
    '10.2.0.5',
  )
  const eth1 = [v6('fe80::1'), v6('2001:db8::7')]
  assert.equal(
    hostOf('auto', () => ({ lo, eth1 })),
    '2001:db8::7',
  )
  assert.equal(
    hostOf('auto', () => ({ lo })),
    '127.0.0.1',
  )
})
