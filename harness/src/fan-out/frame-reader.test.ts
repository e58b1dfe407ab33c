import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { FrameReader } from './frame-reader.ts'

function framed(bytes: number): Buffer {
  const header =
    bytes < 126
      ? Buffer.from([0x81, bytes])
      : bytes < 65_536
        ? Buffer.from([0x81, 126, bytes >> 8, bytes & 255])
        : Buffer.concat([Buffer.from([0x81, 127]), eightBytes(bytes)])
  return Buffer.concat([header, Buffer.alloc(bytes, bytes % 251)])
}

function eightBytes(value: number): Buffer {
  const bytes = Buffer.alloc(8)
  bytes.writeBigUInt64BE(BigInt(value))
  return bytes
}

test('frames are found however the network cuts them', () => {
  const sizes = fc.array(fc.oneof(fc.nat(130), fc.nat(70_000)), { maxLength: 8 })
  fc.assert(
    fc.property(
      sizes,
      fc.array(fc.integer({ min: 1, max: 9_000 }), { minLength: 1 }),
      (all, cuts) => {
        const seen: number[] = []
        const reader = new FrameReader((payload) => {
          assert.ok(payload.every((byte) => byte === payload.length % 251))
          seen.push(payload.length)
        })
        const bytes = Buffer.concat(all.map(framed))
        for (let at = 0, i = 0; at < bytes.length; i++) {
          const end = at + (cuts[i % cuts.length] ?? 1)
          reader.push(bytes.subarray(at, end))
          at = end
        }
        assert.deepEqual(seen, all)
      },
    ),
    { numRuns: 40 },
  )
})
