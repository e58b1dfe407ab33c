import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { Encoder } from 'socket.io-parser'
import { encodeEvent, eventFromFrame } from './event.ts'
import { FrameError } from './frame.ts'

const encoder = new Encoder()
const namespaces = fc.constantFrom('/', '/other', '/commu-7', '/a-b')

/** Beside attachments the stock parser copies objects key by key, and loses one that is called `__proto__`. */
const plainJson = fc.jsonValue().filter((value) => !JSON.stringify(value).includes('"__proto__"'))

test('what another node framed is read as it was emitted', () => {
  fc.assert(
    fc.property(
      namespaces,
      fc.array(plainJson),
      fc.array(fc.uint8Array({ maxLength: 300 })),
      fc.option(fc.nat(), { nil: undefined }),
      (nsp, args, binaries, id) => {
        const data = ['name', ...args, ...binaries.map((bytes) => ({ bytes: Buffer.from(bytes) }))]
        const event = encodeEvent(encoder, nsp, data, id)
        const arrived = eventFromFrame(nsp, Buffer.from(event.frame))
        const expected = JSON.parse(JSON.stringify(data.slice(0, 1 + args.length)))
        assert.deepEqual(arrived.args().slice(0, 1 + args.length), expected)
        assert.deepEqual(arrived.args().slice(1 + args.length), data.slice(1 + args.length))
        assert.deepEqual(arrived.chunks(), event.chunks())
        assert.equal(arrived.chunks().length, 1 + binaries.length)
      },
    ),
  )
})

test('the chunks are what the parser made', () => {
  const packet = { type: 2, nsp: '/', data: ['x', { deep: [Buffer.from('attached')] }] }
  assert.deepEqual(encodeEvent(encoder, '/', packet.data).chunks(), encoder.encode(packet))
})

test('views and plain buffers of bytes are framed as the bytes that they show', () => {
  const bytes = new Uint16Array([1, 2, 3, 4]).subarray(1, 3)
  const event = encodeEvent(encoder, '/', ['x', bytes, new Uint8Array([5, 6]).buffer])
  assert.deepEqual(event.chunks().slice(1), [Buffer.from([2, 0, 3, 0]), Buffer.from([5, 6])])
})

test('a text that looks like a placeholder stays what it is', () => {
  const data = ['x', { _placeholder: true, num: 0 }]
  assert.deepEqual(eventFromFrame('/', encodeEvent(encoder, '/', data).frame).args(), data)
})

test('a reserved name cannot be emitted', () => {
  assert.throws(() => encodeEvent(encoder, '/', ['disconnect']), /reserved/)
})

test('a frame that is not one is an error when it is read, and not before', () => {
  const good = encodeEvent(encoder, '/', ['x', Buffer.from('bytes')]).frame
  const bad = [good.subarray(0, 1), good.subarray(0, -1), Buffer.from([0x88, 0]), Buffer.from('no')]
  for (const frame of bad) {
    const event = eventFromFrame('/', frame)
    assert.throws(() => event.chunks(), FrameError)
    assert.throws(() => event.args(), FrameError)
  }
  assert.throws(() => eventFromFrame('/other', good).args(), FrameError)
})
