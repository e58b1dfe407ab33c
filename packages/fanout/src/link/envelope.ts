/** What a frame is wrapped in on its way through Redis: who published it, so that a node can drop its own, and how it is to be read. */
import type { Frame } from '../broker.ts'

/** 'm' for Madang, then the version of this format. A reader drops what begins otherwise. */
const MARK = 0x6d
const VERSION = 1
export const NODE_ID_BYTES = 8
export const ENVELOPE_BYTES = 2 + NODE_ID_BYTES

export type Opened = { readonly kind: 'frame'; readonly frame: Frame } | { readonly kind: 'own' }

/** `nodeId` has NODE_ID_BYTES bytes. */
export function wrap(nodeId: Uint8Array, frame: Frame): Uint8Array {
  const wrapped = Buffer.allocUnsafe(ENVELOPE_BYTES + frame.byteLength)
  wrapped[0] = MARK
  wrapped[1] = VERSION
  wrapped.set(nodeId, 2)
  wrapped.set(frame, ENVELOPE_BYTES)
  return wrapped
}

/** What is inside, without copying it; undefined where nobody of ours wrapped it. */
export function unwrap(nodeId: Uint8Array, wrapped: Uint8Array): Opened | undefined {
  if (wrapped.byteLength < ENVELOPE_BYTES || wrapped[0] !== MARK || wrapped[1] !== VERSION) {
    return undefined
  }
  for (let at = 0; at < NODE_ID_BYTES; at++) {
    if (wrapped[2 + at] !== nodeId[at]) {
      return { kind: 'frame', frame: wrapped.subarray(ENVELOPE_BYTES) }
    }
  }
  return { kind: 'own' }
}
