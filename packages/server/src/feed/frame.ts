/**
 * The envelope of what nodes tell each other: one byte version, one byte kind, then the body as JSON in UTF-8.
 * Reading is strict and never throws: what comes from a broker is as trustworthy as whoever can reach the broker.
 */
import { check } from '@madang/protocol'
import { FRAME_NUMBERS, NodeFrame } from './frame-kinds.ts'

/** Raised when old nodes would misread what new ones write; a new kind or a new optional field does not need it. */
export const FRAME_VERSION = 1

const headerBytes = 2
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
const kinds: ReadonlyMap<number, string> = new Map(
  Object.entries(FRAME_NUMBERS).map(([kind, number]) => [number, kind]),
)

/** `unknown`: of a version or kind that this node does not have, as a newer node may send it. */
export type FrameFault = 'frame_malformed' | 'frame_unknown' | 'frame_too_large'

export type Decoded =
  | { readonly ok: true; readonly frame: NodeFrame }
  | { readonly ok: false; readonly fault: FrameFault }

export function encodeFrame(frame: NodeFrame): Uint8Array {
  const body = JSON.stringify(frame.body)
  const bytes = Buffer.allocUnsafe(headerBytes + Buffer.byteLength(body))
  bytes[0] = FRAME_VERSION
  bytes[1] = FRAME_NUMBERS[frame.kind]
  bytes.write(body, headerBytes)
  return bytes
}

export function decodeFrame(bytes: Uint8Array, frameBytesMax: number): Decoded {
  const fail = (fault: FrameFault): Decoded => ({ ok: false, fault })
  if (bytes.byteLength > frameBytesMax) return fail('frame_too_large')
  const [version, number] = bytes
  if (version === undefined || number === undefined) return fail('frame_malformed')
  const kind = kinds.get(number)
  if (version !== FRAME_VERSION || kind === undefined) return fail('frame_unknown')
  const parsed = check(NodeFrame, { kind, body: parse(bytes.subarray(headerBytes)) })
  return parsed.success ? { ok: true, frame: parsed.data } : fail('frame_malformed')
}

/** The JSON, or undefined, which no schema takes. */
function parse(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(utf8.decode(bytes))
  } catch {
    return undefined
  }
}
