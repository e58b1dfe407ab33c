/** Makes encoded events: from the arguments of an emit, or from the frames that another node made of them. */
import { binaryFrame, FrameError, messageFrame, readFrames } from './frame.ts'
import type { EncodedEvent } from './writer.ts'

/** PacketType.EVENT of socket.io-parser. */
const eventType = 2

/** Names that a client takes for its own (socket.io-parser, RESERVED_EVENTS). */
const reserved: ReadonlySet<unknown> = new Set([
  'connect',
  'connect_error',
  'disconnect',
  'disconnecting',
  'newListener',
  'removeListener',
])

/** `server.encoder`: socket.io-parser's, or what the server was given for it. Its types are Socket.IO's: a chunk may be any binary. */
export interface PacketEncoder {
  encode(packet: { type: number; nsp: string; data: unknown[]; id?: number }): unknown[]
}

/** `id` is that of the acknowledgement which every receiver is asked for. Throws what the encoder throws, and for a reserved name. */
export function encodeEvent(
  encoder: PacketEncoder,
  nsp: string,
  args: readonly unknown[],
  id?: number,
): EncodedEvent {
  if (reserved.has(args[0])) throw new Error(`"${args[0]}" is a reserved event name`)
  const data = [...args]
  const packet = { type: eventType, nsp, data, ...(id !== undefined && { id }) }
  const frames = encoder.encode(packet).map(frameOf)
  const [only] = frames
  const frame = only !== undefined && frames.length === 1 ? only : Buffer.concat(frames)
  return new FramedEvent(nsp, frame, data)
}

/** An event that arrived from another node. Nothing is decoded until it is asked for; what cannot be then throws. */
export function eventFromFrame(nsp: string, frame: Buffer): EncodedEvent {
  return new FramedEvent(nsp, frame, undefined)
}

/** The chunks are read from the frame: what the caller does to its Buffers after the emit no longer shows. */
class FramedEvent implements EncodedEvent {
  readonly nsp: string
  readonly frame: Buffer
  #args: unknown[] | undefined
  #chunks: readonly (string | Buffer)[] | undefined

  constructor(nsp: string, frame: Buffer, args: unknown[] | undefined) {
    this.nsp = nsp
    this.frame = frame
    this.#args = args
  }

  args(): unknown[] {
    this.#args ??= argsOf(this.nsp, this.chunks())
    return this.#args
  }

  chunks(): readonly (string | Buffer)[] {
    this.#chunks ??= readFrames(this.frame)
    return this.#chunks
  }
}

function frameOf(chunk: unknown): Buffer {
  if (typeof chunk === 'string') return messageFrame(chunk)
  if (chunk instanceof ArrayBuffer) return binaryFrame(new Uint8Array(chunk))
  if (!ArrayBuffer.isView(chunk)) throw new TypeError('neither text nor bytes')
  return binaryFrame(new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.byteLength))
}

/** Socket.IO protocol 5: type, attachments and "-", namespace and ",", acknowledgement id, JSON. The namespace is known, and may hold anything. */
function argsOf(nsp: string, [text, ...attachments]: readonly (string | Buffer)[]): unknown[] {
  if (typeof text !== 'string') throw new FrameError('an event begins with a text')
  const kind = /^(?:2|5\d+-)/.exec(text)?.[0] ?? ''
  const place = nsp === '/' ? '' : `${nsp},`
  if (kind === '' || !text.startsWith(place, kind.length)) throw new FrameError('event header')
  const json = text.slice(kind.length + place.length).replace(/^\d+/, '')
  const args: unknown = JSON.parse(json, (_key, value: unknown) => filled(value, attachments))
  if (!Array.isArray(args)) throw new FrameError('event arguments')
  return args
}

/** `{_placeholder, num}` stands for an attachment. A text event has none, and what looks like one there is the sender's own. */
function filled(value: unknown, attachments: readonly (string | Buffer)[]): unknown {
  if (attachments.length === 0 || typeof value !== 'object' || value === null) return value
  if (!('_placeholder' in value) || value._placeholder !== true || !('num' in value)) return value
  const attachment = attachments[Number(value.num)]
  if (attachment === undefined) throw new FrameError('attachment')
  return attachment
}
