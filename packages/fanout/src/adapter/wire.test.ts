// What goes over the wire comes out as it went in, what never was a frame is refused, and versions are told apart.
import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import fc from 'fast-check'
import { type Kind, kinds, readFrame, type WireFrame, wireVersion, writeFrame } from './wire.ts'

const name = fc.oneof(fc.string({ unit: 'binary' }), fc.integer(), fc.constant('\ud83d'))
const count = fc.nat({ max: 2 ** 48 - 1 })

const frames: fc.Arbitrary<WireFrame> = fc.record(
  {
    kind: fc.constantFrom(...Object.values<Kind>(kinds)),
    flags: fc.nat({ max: 255 }),
    node: fc.stringMatching(/^[A-Za-z0-9_-]{8}$/),
    id: count,
    value: count,
    nsp: fc.string({ unit: 'binary' }),
    rooms: fc.array(name),
    except: fc.array(name),
    body: fc.uint8Array().map((bytes) => Buffer.from(bytes)),
  },
  { noNullPrototype: true },
)

/** Written by version 1, and read by every version that says it reads version 1. */
const golden =
  '010110014e6f646531323334000000000007000000000000042f0114726f6f6d31011078797a7700bebd'

suite('wire', () => {
  test('every frame is read as it was written', () => {
    fc.assert(fc.property(frames, (frame) => assert.deepEqual(readFrame(writeFrame(frame)), frame)))
  })

  test('what is cut short is malformed', () => {
    fc.assert(
      fc.property(frames, fc.nat(), (frame, at) => {
        const whole = writeFrame({ ...frame, body: Buffer.alloc(0) })
        assert.equal(readFrame(whole.subarray(0, at % whole.length)), 'malformed')
      }),
    )
  })

  test('any bytes at all are read or refused, never thrown at', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        const read = readFrame(bytes)
        assert.ok(typeof read === 'object' || read === 'malformed' || read === 'foreign')
      }),
    )
  })

  test('a frame with any of its bytes changed is read or refused', () => {
    fc.assert(
      fc.property(frames, fc.nat(), fc.nat({ max: 255 }), (frame, at, byte) => {
        const bytes = writeFrame(frame)
        bytes[at % bytes.length] = byte
        readFrame(bytes)
      }),
    )
  })

  test('a claim of more names than there are bytes takes no memory', () => {
    const frame = writeFrame({ ...plain, nsp: '' })
    // The number of rooms follows the empty namespace: 2^35 - 1 of them.
    const claim = Buffer.concat([frame.subarray(0, 25), Buffer.from([255, 255, 255, 255, 127])])
    assert.equal(readFrame(claim), 'malformed')
  })

  test('version 1 is what it was', () => {
    assert.equal(writeFrame(plain).toString('hex'), golden)
    assert.deepEqual(readFrame(Buffer.from(golden, 'hex')), plain)
  })

  test('a later version is read where it says that it can be, with what it added skipped', () => {
    const later = writeFrame(plain)
    later[0] = wireVersion + 1
    const at = later.length - plain.body.length - 1
    const extended = Buffer.concat([
      later.subarray(0, at),
      Buffer.from([3, 1, 2, 3]),
      later.subarray(at + 1),
    ])
    assert.deepEqual(readFrame(extended), plain)
    extended[1] = wireVersion + 1
    assert.equal(readFrame(extended), 'foreign')
  })

  test('a kind of later is foreign', () => {
    const frame = writeFrame(plain)
    frame[2] = 200
    assert.equal(readFrame(frame), 'foreign')
  })
})

const plain: WireFrame = {
  kind: kinds.event,
  flags: 1,
  node: 'Node1234',
  id: 7,
  value: 0,
  nsp: '/',
  rooms: ['room1'],
  except: ['xyzw'],
  body: Buffer.from([0xbe, 0xbd]),
}
