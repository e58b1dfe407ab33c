import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import {
  aboutTopic,
  ack,
  bare,
  FRAME,
  frameRecord,
  hello,
  PING,
  RecordReader,
  readAck,
  readFrame,
  readHello,
  readTopic,
  SUBSCRIBE,
} from './record.ts'

const topics = fc.string({ unit: 'binary', maxLength: 200 })

/** What a reader makes of bytes that come in pieces of these sizes. */
function read(bytes: Buffer, sizes: readonly number[], recordBytesMax = 10_000) {
  const reader = new RecordReader(recordBytesMax)
  const heard: { kind: number; body: Buffer; whole: Buffer }[] = []
  let fine = true
  let at = 0
  for (const size of [...sizes, bytes.length]) {
    const piece = Buffer.from(bytes.subarray(at, at + size))
    at += piece.length
    fine &&= reader.push(piece, (kind, body, whole) => {
      heard.push({ kind, body: Buffer.from(body), whole: Buffer.from(whole) })
      return true
    })
  }
  return { fine, heard }
}

describe('records', () => {
  it('come out as they went in, however the bytes are cut', () => {
    const frames = fc.array(fc.tuple(topics, fc.uint8Array({ maxLength: 300 })), { maxLength: 8 })
    fc.assert(
      fc.property(frames, fc.array(fc.integer({ min: 0, max: 40 })), (all, sizes) => {
        const records = all.flatMap(([topic, frame]) => [frameRecord(topic, frame), bare(PING)])
        const { fine, heard } = read(Buffer.concat(records), sizes)
        assert.ok(fine)
        assert.deepEqual(
          heard.map(({ whole }) => whole),
          records,
        )
        const came = heard.filter(({ kind }) => kind === FRAME).map(({ body }) => readFrame(body))
        assert.deepEqual(
          came.map((one) => [one?.topic, new Uint8Array(one?.frame ?? [])]),
          all,
        )
      }),
    )
  })

  it('keep every topic apart from every other, halves of characters too', () => {
    for (const topic of ['', '\ud800', '\ud801', '\udc00x', '\u0000', '마당', 'x'.repeat(200)]) {
      const [heard] = read(aboutTopic(SUBSCRIBE, topic), []).heard
      assert.equal(readTopic(heard?.body ?? Buffer.alloc(1)), topic)
    }
  })

  it('say numbers', () => {
    const [first, second] = read(
      Buffer.concat([ack(4_000_000_000), hello({ version: 1, frameBytesMax: 77 })]),
      [],
    ).heard
    assert.equal(readAck(first?.body ?? Buffer.alloc(0)), 4_000_000_000)
    assert.deepEqual(readHello(second?.body ?? Buffer.alloc(0)), { version: 1, frameBytesMax: 77 })
  })

  it('are refused as soon as their length cannot be', () => {
    for (const length of [0, 10_001, 2 ** 32 - 1]) {
      const head = Buffer.alloc(4)
      head.writeUInt32BE(length)
      assert.equal(read(head, []).fine, false, `${length}`)
    }
  })

  it('never throw, whatever comes in', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        const body = Buffer.from(bytes)
        readFrame(body)
        readTopic(body)
        readAck(body)
        readHello(body)
        read(body, [3, 5])
      }),
    )
  })
})
