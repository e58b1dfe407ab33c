/** Encodes and reads what a server sends over a WebSocket: whole, unmasked frames (RFC 6455 §5.2), each as one Buffer. */

/** FIN set, no extension, opcode 1. */
const textFrameHead = 0x81
/** FIN set, no extension, opcode 2. */
const binaryFrameHead = 0x82
/** "4": Engine.IO protocol 4, "message". */
const messageType = 0x34

function headerBytes(payloadBytes: number): number {
  return payloadBytes < 126 ? 2 : payloadBytes < 65_536 ? 4 : 10
}

function newFrame(head: number, payloadBytes: number): Buffer {
  const frame = Buffer.allocUnsafe(headerBytes(payloadBytes) + payloadBytes)
  frame[0] = head
  if (payloadBytes < 126) frame[1] = payloadBytes
  else if (payloadBytes < 65_536) {
    frame[1] = 126
    frame.writeUInt16BE(payloadBytes, 2)
  } else {
    frame[1] = 127
    frame.writeBigUInt64BE(BigInt(payloadBytes), 2)
  }
  return frame
}

/** The frame of one Engine.IO message packet, which is "4" and the text. */
export function messageFrame(text: string): Buffer {
  const payloadBytes = 1 + Buffer.byteLength(text)
  const at = headerBytes(payloadBytes)
  const frame = newFrame(textFrameHead, payloadBytes)
  frame[at] = messageType
  frame.write(text, at + 1)
  return frame
}

/** The frame of a binary Engine.IO message packet, which over a WebSocket is the bytes themselves. */
export function binaryFrame(bytes: Uint8Array): Buffer {
  const frame = newFrame(binaryFrameHead, bytes.length)
  frame.set(bytes, headerBytes(bytes.length))
  return frame
}

export class FrameError extends Error {}

/** What was framed: texts and bytes, in order. The bytes share memory with the frames. Throws `FrameError` for what `messageFrame` and `binaryFrame` do not make. */
export function readFrames(frames: Buffer): (string | Buffer)[] {
  const chunks: (string | Buffer)[] = []
  for (let at = 0; at < frames.length; ) {
    const { start, end } = payloadAt(frames, at)
    const payload = frames.subarray(start, end)
    chunks.push(frames[at] === textFrameHead ? textOf(payload) : payload)
    at = end
  }
  return chunks
}

function payloadAt(frames: Buffer, at: number) {
  const head = frames[at]
  const short = frames[at + 1]
  if (head !== textFrameHead && head !== binaryFrameHead) throw new FrameError('frame head')
  if (short === undefined || short > 127) throw new FrameError('frame length')
  const start = at + (short < 126 ? 2 : short === 126 ? 4 : 10)
  if (start > frames.length) throw new FrameError('frame header')
  const length =
    short < 126
      ? short
      : short === 126
        ? frames.readUInt16BE(at + 2)
        : Number(frames.readBigUInt64BE(at + 2))
  if (start + length > frames.length) throw new FrameError('frame payload')
  return { start, end: start + length }
}

function textOf(payload: Buffer): string {
  if (payload[0] !== messageType) throw new FrameError('packet type')
  return payload.toString('utf8', 1)
}
