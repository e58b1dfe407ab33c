/** The door to randomness: identifiers and secrets; whatever needs them is handed these, so that tests can hand in their own. */
import { randomBytes, randomFillSync } from 'node:crypto'
import type { Id } from '@madang/protocol'

/** Makes an identifier that nobody else has. */
export type NewId = () => Id

/** Bytes that nobody can guess. */
export type RandomBytes = (bytes: number) => Uint8Array

const hex = (bytes: Uint8Array, from: number, to: number): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset + from, to - from).toString('hex')

/**
 * A UUID of version 7 (RFC 9562, section 5.7): 48 bits of time, so that rows made together are stored together, then 74 random bits.
 * `random` is 16 bytes, of which the first 6 are not used; they are overwritten.
 */
export function uuidV7(nowMs: number, random: Uint8Array): Id {
  const view = new DataView(random.buffer, random.byteOffset, 16)
  view.setUint32(0, Math.floor(nowMs / 0x10000))
  view.setUint16(4, nowMs % 0x10000)
  view.setUint8(6, 0x70 | (view.getUint8(6) & 0x0f))
  view.setUint8(8, 0x80 | (view.getUint8(8) & 0x3f))
  const groups = [hex(random, 0, 4), hex(random, 4, 6), hex(random, 6, 8), hex(random, 8, 10)]
  return `${groups.join('-')}-${hex(random, 10, 16)}`
}

/** Identifiers of the given clock and this system's randomness. */
export function createNewId(clock: { now(): number }): NewId {
  const scratch = new Uint8Array(16)
  return () => uuidV7(clock.now(), randomFillSync(scratch))
}

export const systemRandom: RandomBytes = (bytes) => randomBytes(bytes)
