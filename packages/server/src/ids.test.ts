import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Id } from '@madang/protocol'
import { createNewId, systemRandom, uuidV7 } from './ids.ts'

test('the example of RFC 9562, appendix A.6, comes out as printed there', () => {
  const random = Uint8Array.from(Buffer.from('0000000000000cc398c4dc0c0c07398f', 'hex'))
  assert.equal(uuidV7(0x017f22e279b0, random), '017f22e2-79b0-7cc3-98c4-dc0c0c07398f')
})

test('identifiers are valid, differ, and sort by their time', () => {
  let now = 1_800_000_000_000
  const newId = createNewId({ now: () => now++ })
  const ids = Array.from({ length: 1_000 }, newId)
  for (const id of ids) assert.equal(Id.parse(id), id)
  assert.equal(new Set(ids).size, ids.length)
  assert.deepEqual([...ids].sort(), ids)
})

test('two identifiers of the same moment differ', () => {
  const newId = createNewId({ now: () => 5 })
  assert.notEqual(newId(), newId())
})

test('a secret has the bytes that were asked for', () => {
  assert.equal(systemRandom(32).byteLength, 32)
  assert.notDeepEqual(systemRandom(32), systemRandom(32))
})
