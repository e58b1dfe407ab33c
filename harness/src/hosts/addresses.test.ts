import assert from 'node:assert/strict'
import { test } from 'node:test'
import { addressOf, CARDS, freeBlock, HOSTS_MAX, hardwareOf, takenBy } from './addresses.ts'

const routes = (...dst: readonly string[]) =>
  takenBy(JSON.stringify(dst.map((each) => ({ dst: each, dev: 'eth0' }))))

test('a block is taken by any way to a part of it, and by no way to everywhere', () => {
  assert.equal(freeBlock(routes(), 7), '198.18.7')
  assert.equal(freeBlock(routes('default', '0.0.0.0/1', '10.0.0.0/8', '127.0.0.1'), 7), '198.18.7')
  assert.equal(freeBlock(routes('198.18.7.200'), 7), '198.18.8')
  assert.equal(freeBlock(routes('198.18.6.0/23', '198.18.8.0/30'), 7), '198.18.9')
  assert.equal(freeBlock(routes('198.18.0.0/16'), 7), '198.19.0')
})

test('blocks are tried around the end of the range, whatever the pid', () => {
  assert.equal(freeBlock(routes('198.19.255.0/24'), 511), '198.18.0')
  assert.equal(freeBlock(routes(), 4_194_304 + 3), '198.18.3')
  assert.throws(() => freeBlock(routes('198.18.0.0/15'), 7), /are taken/)
})

test('every card of every host has an address and a hardware address of its own', () => {
  const all = CARDS.flatMap((card) =>
    Array.from({ length: HOSTS_MAX + 1 }, (_, host) => addressOf('198.18.7', card, host)),
  )
  assert.equal(new Set(all).size, all.length)
  assert.equal(new Set(all.map(hardwareOf)).size, all.length)
  assert.deepEqual([all[0], all[1], all.at(-1)], ['198.18.7.1', '198.18.7.2', '198.18.7.229'])
  // Not the broadcast address of its half.
  assert.ok(!all.includes('198.18.7.127') && !all.includes('198.18.7.255'))
  assert.equal(hardwareOf('198.18.7.129'), '02:6d:c6:12:07:81')
  assert.throws(() => addressOf('198.18.7', 'front', HOSTS_MAX + 1), /100 hosts at most/)
})
