import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { decodeFrame, encodeFrame, FRAME_VERSION } from './frame.ts'
import { FRAME_NUMBERS, type NodeFrame } from './frame-kinds.ts'

const id = (n: number) => `00000000-0000-7000-8000-${String(n).padStart(12, '0')}`
const author = { id: id(1), name: '하늘 🏕' }
const bytesMax = 100_000

const event: NodeFrame = {
  kind: 'event',
  body: {
    kind: 'created',
    id: id(2),
    channelId: id(3),
    seq: 7,
    createdAt: 1,
    author,
    clientId: 'c',
    lane: 'chat',
    text: 'a "quoted"\nline \u2028 마당',
  },
}
const notice: NodeFrame = {
  kind: 'notice',
  body: { kind: 'gone', channelId: id(3), reason: 'kicked' },
}
const frames: readonly NodeFrame[] = [
  event,
  notice,
  { kind: 'typing', body: { channelId: id(3), people: [author] } },
  {
    kind: 'presence',
    body: {
      communityId: id(4),
      node: 'a',
      online: [author],
      offline: [id(9)],
      whole: false,
      ask: false,
    },
  },
  { kind: 'rates', body: { taken: [['person', id(1), 3]] } },
  { kind: 'pulse', body: { node: 'a' } },
]

test('every kind comes out as it went in', () => {
  for (const frame of frames) {
    assert.deepEqual(decodeFrame(encodeFrame(frame), bytesMax), { ok: true, frame })
  }
  assert.deepEqual(new Set(frames.map((one) => one.kind)), new Set(Object.keys(FRAME_NUMBERS)))
})

test('the first bytes of a frame are its version and its kind', () => {
  for (const frame of frames) {
    const bytes = encodeFrame(frame)
    assert.deepEqual([bytes[0], bytes[1]], [FRAME_VERSION, FRAME_NUMBERS[frame.kind]])
    assert.deepEqual(JSON.parse(Buffer.from(bytes.subarray(2)).toString()), frame.body)
  }
})

const fault = (bytes: Uint8Array) => {
  const decoded = decodeFrame(bytes, bytesMax)
  return decoded.ok ? undefined : decoded.fault
}

test('a frame of a newer node is unknown, not malformed', () => {
  const bytes = encodeFrame(notice)
  bytes[0] = FRAME_VERSION + 1
  assert.equal(fault(bytes), 'frame_unknown')
  bytes[0] = FRAME_VERSION
  bytes[1] = 200
  assert.equal(fault(bytes), 'frame_unknown')
})

test('a field that this node does not know is left out', () => {
  const newer = Buffer.from(`\u0001\u0002{"kind":"channel","channelId":"${id(3)}","later":1}`)
  assert.deepEqual(decodeFrame(newer, bytesMax), {
    ok: true,
    frame: { kind: 'notice', body: { kind: 'channel', channelId: id(3) } },
  })
})

test('what is no frame is refused and never throws', () => {
  assert.equal(fault(Buffer.alloc(0)), 'frame_malformed')
  assert.equal(fault(Buffer.from([FRAME_VERSION])), 'frame_malformed')
  assert.equal(fault(Buffer.from([FRAME_VERSION, 1])), 'frame_malformed')
  assert.equal(fault(Buffer.from('\u0001\u0001{"kind":"created"}')), 'frame_malformed')
  assert.equal(fault(Buffer.from(`\u0001\u0001${'['.repeat(50_000)}`)), 'frame_malformed')
  assert.equal(fault(Buffer.from([1, 2, 0x22, 0xff, 0x22])), 'frame_malformed')
  assert.equal(fault(Buffer.alloc(bytesMax + 1, 1)), 'frame_too_large')
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      assert.equal(typeof decodeFrame(bytes, bytesMax).ok, 'boolean')
    }),
  )
})

test('a frame with any byte changed is refused or is a valid frame still', () => {
  const whole = encodeFrame(event)
  fc.assert(
    fc.property(fc.nat(whole.length - 1), fc.integer({ min: 1, max: 255 }), (at, change) => {
      const bytes = Uint8Array.from(whole)
      bytes[at] = (bytes[at] ?? 0) ^ change
      const decoded = decodeFrame(bytes, bytesMax)
      if (decoded.ok) assert.deepEqual(decodeFrame(encodeFrame(decoded.frame), bytesMax), decoded)
    }),
  )
})
