/** Encodes what a server sends over a WebSocket: whole, unmasked text frames, each as one Buffer. */

/** FIN set, no extension, opcode 1 (RFC 6455 §5.2). */
const textFrameHead = 0x81

/** The frame of one Engine.IO message packet, which is "4" and the text (Engine.IO protocol 4, "message"). */
export function messageFrame(text: string): Buffer {
  const payloadBytes = 1 + Buffer.byteLength(text)
  const headerBytes = payloadBytes < 126 ? 2 : payloadBytes < 65_536 ? 4 : 10
  const frame = Buffer.allocUnsafe(headerBytes + payloadBytes)
  frame[0] = textFrameHead
  if (headerBytes === 2) frame[1] = payloadBytes
  else if (headerBytes === 4) {
    frame[1] = 126
    frame.writeUInt16BE(payloadBytes, 2)
  } else {
    frame[1] = 127
    frame.writeBigUInt64BE(BigInt(payloadBytes), 2)
  }
  frame[headerBytes] = 0x34
  frame.write(text, headerBytes + 1)
  return frame
}
