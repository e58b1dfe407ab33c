/** How the workers of one host and their primary speak: records, each its length (4 bytes, of all that follows), its kind (1 byte) and its body. */
import type { Frame, Topic } from '../broker.ts'

export const IPC_VERSION = 1

export const HELLO = 1
export const SUBSCRIBE = 2
export const UNSUBSCRIBE = 3
export const FRAME = 4
export const PING = 5
export const ACK = 6
export const LOST = 7
export const LOST_ALL = 8

/**
 * Worker to primary: HELLO (mark, version) first, then SUBSCRIBE and UNSUBSCRIBE (topic), FRAME (length of the topic in 2 bytes, topic, frame) and PING.
 * Primary to worker: HELLO (mark, version, the largest frame in 4 bytes), FRAME with the very bytes that came in, ACK (how many records were carried out since
 * the last one, in 4 bytes; records are carried out in order), LOST (topic) and LOST_ALL. Numbers are big-endian, topics UTF-16 (little-endian), because
 * a topic is any string and only that keeps them all apart.
 */
export type Kind = number

const MARK = 'madang-ipc'
const HEAD_BYTES = 5
/** Beside its frame. 65,535 is what a topic's length can say. */
export const RECORD_BYTES_OVER_FRAME = 1 + 2 + 65_535

/** The kind, the mark, and what it says. */
export const HELLO_RECORD_BYTES = 1 + MARK.length + 5

export interface Hello {
  readonly version: number
  readonly frameBytesMax: number
}

function record(kind: Kind, bodyBytes: number): Buffer {
  const bytes = Buffer.allocUnsafe(HEAD_BYTES + bodyBytes)
  bytes.writeUInt32BE(1 + bodyBytes, 0)
  bytes[4] = kind
  return bytes
}

export function hello({ version, frameBytesMax }: Hello): Buffer {
  const bytes = record(HELLO, MARK.length + 5)
  bytes.write(MARK, HEAD_BYTES, 'latin1')
  bytes[HEAD_BYTES + MARK.length] = version
  bytes.writeUInt32BE(frameBytesMax, HEAD_BYTES + MARK.length + 1)
  return bytes
}

/** Undefined where somebody else is talking. */
export function readHello(body: Buffer): Hello | undefined {
  if (body.length !== MARK.length + 5 || body.toString('latin1', 0, MARK.length) !== MARK)
    return undefined
  return { version: body[MARK.length] ?? 0, frameBytesMax: body.readUInt32BE(MARK.length + 1) }
}

/** SUBSCRIBE, UNSUBSCRIBE or LOST. */
export function aboutTopic(kind: Kind, topic: Topic): Buffer {
  const bytes = record(kind, topic.length * 2)
  bytes.write(topic, HEAD_BYTES, 'utf16le')
  return bytes
}

/** Undefined where it is half a character too long. */
export const readTopic = (body: Buffer): Topic | undefined =>
  body.length % 2 === 0 ? body.toString('utf16le') : undefined

export function frameRecord(topic: Topic, frame: Frame): Buffer {
  const topicBytes = topic.length * 2
  const bytes = record(FRAME, 2 + topicBytes + frame.byteLength)
  bytes.writeUInt16BE(topicBytes, HEAD_BYTES)
  bytes.write(topic, HEAD_BYTES + 2, 'utf16le')
  bytes.set(frame, HEAD_BYTES + 2 + topicBytes)
  return bytes
}

export function readFrame(
  body: Buffer,
): { readonly topic: Topic; readonly frame: Frame } | undefined {
  if (body.length < 2) return undefined
  const end = 2 + body.readUInt16BE(0)
  const topic = readTopic(body.subarray(2, end))
  return topic === undefined || end > body.length ? undefined : { topic, frame: body.subarray(end) }
}

export function ack(count: number): Buffer {
  const bytes = record(ACK, 4)
  bytes.writeUInt32BE(count, HEAD_BYTES)
  return bytes
}

export const readAck = (body: Buffer): number | undefined =>
  body.length === 4 ? body.readUInt32BE(0) : undefined

/** PING or LOST_ALL. */
export const bare = (kind: Kind): Buffer => record(kind, 0)

/** Whether a topic is short enough to be told. */
export const fits = (topic: Topic): boolean => topic.length * 2 <= 65_535

/** Cuts what comes in, in pieces of any size, into records. */
export class RecordReader {
  /** In bytes, beside the four of the length. */
  recordBytesMax: number
  #pieces: Buffer[] = []
  #bytes = 0
  /** Bytes without which there is nothing to read. */
  #wanted = 4

  constructor(recordBytesMax: number) {
    this.recordBytesMax = recordBytesMax
  }

  /**
   * Calls `each` with every record that is complete: its kind, its body, and the whole of its bytes as they came, all of them valid within the call only.
   * False, at once, where `each` says so or a record cannot be one.
   */
  push(piece: Buffer, each: (kind: Kind, body: Buffer, whole: Buffer) => boolean): boolean {
    this.#pieces.push(piece)
    this.#bytes += piece.length
    if (this.#bytes < this.#wanted) return true
    const bytes = this.#pieces.length === 1 ? piece : Buffer.concat(this.#pieces, this.#bytes)
    let at = 0
    this.#wanted = 4
    while (bytes.length - at >= 4) {
      const length = bytes.readUInt32BE(at)
      if (length < 1 || length > this.recordBytesMax) return false
      const end = at + 4 + length
      this.#wanted = 4 + length
      if (end > bytes.length) break
      const whole = bytes.subarray(at, end)
      if (!each(whole[4] ?? 0, whole.subarray(HEAD_BYTES), whole)) return false
      at = end
      this.#wanted = 4
    }
    this.#bytes = bytes.length - at
    this.#pieces = this.#bytes === 0 ? [] : [bytes.subarray(at)]
    return true
  }
}
