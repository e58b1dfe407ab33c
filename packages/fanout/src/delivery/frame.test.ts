import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { messageFrame } from './frame.ts'

/** Reads a frame as RFC 6455 §5.2 says. */
function read(frame: Buffer) {
  const short = (frame[1] ?? 0) & 0x7f
  const headerBytes = short < 126 ? 2 : short === 126 ? 4 : 10
  const bytes =
    short < 126 ? short : short === 126 ? frame.readUInt16BE(2) : Number(frame.readBigUInt64BE(2))
  return {
    final: ((frame[0] ?? 0) & 0x80) !== 0,
    extensions: (frame[0] ?? 0) & 0x70,
    opcode: (frame[0] ?? 0) & 0x0f,
    masked: ((frame[1] ?? 0) & 0x80) !== 0,
    headerBytes,
    bytes,
    payload: frame.subarray(headerBytes),
  }
}

function check(text: string, headerBytes?: number): void {
  const frame = read(messageFrame(text))
  const { final, extensions, opcode, masked } = frame
  assert.deepEqual(
    { final, extensions, opcode, masked },
    { final: true, extensions: 0, opcode: 1, masked: false },
  )
  assert.equal(frame.payload.length, frame.bytes)
  assert.equal(frame.payload.toString(), `4${text}`)
  if (headerBytes !== undefined) assert.equal(frame.headerBytes, headerBytes)
}

test('a frame has the shortest header that its length allows', () => {
  check('', 2)
  check('x'.repeat(124), 2)
  check('x'.repeat(125), 4)
  check('x'.repeat(65_534), 4)
  check('x'.repeat(65_535), 10)
  check('마'.repeat(70_000), 10)
})

test('a frame carries any text, its length counted in bytes', () => {
  fc.assert(fc.property(fc.string({ unit: 'grapheme', maxLength: 300 }), (text) => check(text)))
})
