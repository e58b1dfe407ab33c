import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { natsSaid, redisSaid, type Splitter } from './messages.ts'

interface Piece {
  readonly text: Buffer
  readonly isMessage: boolean
}

const piece = (text: string, isMessage = false): Piece => ({ text: Buffer.from(text), isMessage })

const withPayload = (payload: Uint8Array, head: string, tail = '\r\n'): Piece => ({
  text: Buffer.concat([Buffer.from(head), payload, Buffer.from(tail)]),
  isMessage: true,
})

const payload = fc.uint8Array({ maxLength: 40 })

const redis = fc.oneof(
  payload.map((bytes) =>
    withPayload(bytes, `>3\r\n$7\r\nmessage\r\n$1\r\nc\r\n$${bytes.length}\r\n`),
  ),
  payload.map((bytes) =>
    withPayload(bytes, `*3\r\n$8\r\nsmessage\r\n$1\r\nc\r\n$${bytes.length}\r\n`),
  ),
  fc.constantFrom(
    piece('+OK\r\n'),
    piece(':12\r\n'),
    piece('_\r\n'),
    piece('$-1\r\n'),
    piece('-ERR message\r\n'),
    piece('$9\r\nmessage\r\n\r\n'),
    piece('>3\r\n$9\r\nsubscribe\r\n$1\r\nc\r\n:1\r\n'),
    piece('%1\r\n$6\r\nserver\r\n*2\r\n:1\r\n#t\r\n'),
    piece('|1\r\n+a\r\n:1\r\n+OK\r\n'),
  ),
)

const nats = fc.oneof(
  payload.map((bytes) => withPayload(bytes, `MSG a.b 1 ${bytes.length}\r\n`)),
  payload.map((bytes) => withPayload(bytes, `MSG a.b 1 reply ${bytes.length}\r\n`)),
  fc.constantFrom(piece('PING\r\n'), piece('+OK\r\n'), piece('INFO {"a":1}\r\n')),
)

for (const [name, said, pieces] of [
  ['Redis', redisSaid, redis],
  ['NATS', natsSaid, nats],
] as const) {
  test(`what ${name} says is told apart, wherever it is cut`, () => {
    fc.assert(
      fc.property(
        fc.array(pieces, { minLength: 1 }),
        fc.integer({ min: 1, max: 30 }),
        (all, step) => {
          assert.deepEqual(splitBy(said, Buffer.concat(all.map(({ text }) => text)), step), all)
        },
      ),
    )
  })
}

/** As it is found when so many bytes come at a time. */
function splitBy(said: Splitter, bytes: Buffer, step: number): Piece[] {
  const found: Piece[] = []
  let from = 0
  for (let to = 0; to < bytes.length; ) {
    to = Math.min(to + step, bytes.length)
    for (;;) {
      const next = from === to ? undefined : said(bytes.subarray(from, to))
      if (next === undefined) break
      const text = Buffer.from(bytes.subarray(from, from + next.bytes))
      found.push({ text, isMessage: next.isMessage })
      from += next.bytes
    }
  }
  return found
}
