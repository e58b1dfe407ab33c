import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { ENVELOPE_BYTES, NODE_ID_BYTES, unwrap, wrap } from './envelope.ts'

const bytes = fc.uint8Array({ maxLength: 40 })
const nodeId = fc.uint8Array({ minLength: NODE_ID_BYTES, maxLength: NODE_ID_BYTES })

test('what one node wraps another one finds, and the first knows as its own', () => {
  fc.assert(
    fc.property(nodeId, nodeId, bytes, (a, b, frame) => {
      const opened = unwrap(b, wrap(a, frame))
      if (Buffer.from(a).equals(b)) assert.equal(opened?.kind, 'own')
      else assert.deepEqual(opened?.kind === 'frame' && [...opened.frame], [...frame])
    }),
  )
})

test('what is too short, or begins otherwise, is nothing of ours', () => {
  const me = new Uint8Array(NODE_ID_BYTES)
  const good = wrap(me, new Uint8Array(3))
  for (let length = 0; length < ENVELOPE_BYTES; length++) {
    assert.equal(unwrap(me, good.subarray(0, length)), undefined)
  }
  for (const at of [0, 1]) {
    const bad = good.slice()
    bad[at] = 0xff
    assert.equal(unwrap(me, bad), undefined)
  }
})

test('any bytes at all are opened without throwing', () => {
  const me = new Uint8Array(NODE_ID_BYTES)
  fc.assert(fc.property(bytes, (stranger) => void unwrap(me, stranger)))
})
