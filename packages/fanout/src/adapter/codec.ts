/** Makes frames of events and of what nodes tell each other, and reads them: in the one parser that the server has. */
import type { Namespace } from 'socket.io'
import { type EncodedEvent, encodeEvent, eventFromFrame } from '../delivery/writer.ts'

/** What a body begins with: an event's place, where a client's reserved names are refused. */
const bodyMark = 0

export class Codec {
  readonly #server: Namespace['server']
  /** Socket.IO's own parser needs no decoder: an event is read in place. */
  readonly #hasOwnParser: boolean

  constructor(server: Namespace['server']) {
    this.#server = server
    this.#hasOwnParser = server._opts.parser === undefined
  }

  /** Throws what the parser throws, as stock Socket.IO does in the emit call. */
  event(nsp: string, args: readonly unknown[]): EncodedEvent {
    return encodeEvent(this.#server.encoder, nsp, args)
  }

  /** Decodes nothing until it is asked for. */
  eventOf(nsp: string, frame: Buffer): EncodedEvent {
    const event = eventFromFrame(nsp, frame)
    if (this.#hasOwnParser) return event
    const args = () => this.#decode(event.chunks())
    return { nsp, frame, chunks: () => event.chunks(), args }
  }

  body(values: readonly unknown[]): Buffer {
    return this.event('/', [bodyMark, ...values]).frame
  }

  /** Throws for what `body` did not make. */
  values(body: Buffer): unknown[] {
    return this.eventOf('/', body).args().slice(1)
  }

  #decode(chunks: readonly (string | Buffer)[]): unknown[] {
    const decoder = new this.#server._parser.Decoder()
    let data: unknown
    decoder.on('decoded', (packet: { readonly data?: unknown }) => {
      data = packet.data
    })
    for (const chunk of chunks) decoder.add(chunk)
    decoder.destroy()
    if (!Array.isArray(data)) throw new Error('no event')
    return data
  }
}

/** Whether these are whole frames of a server (RFC 6455 §5.2), text ones holding Engine.IO messages: what is not would break the stream of every client. */
export function areWholeFrames(frames: Buffer): boolean {
  let at = 0
  while (at < frames.length) {
    const head = frames[at]
    const short = frames[at + 1] ?? 255
    if ((head !== 0x81 && head !== 0x82) || short > 127) return false
    const start = at + (short < 126 ? 2 : short === 126 ? 4 : 10)
    if (start > frames.length) return false
    if (head === 0x81 && frames[start] !== 0x34) return false
    const long = () => Number(frames.readBigUInt64BE(at + 2))
    const length = short < 126 ? short : short === 126 ? frames.readUInt16BE(at + 2) : long()
    at = start + length
  }
  return at === frames.length && at > 0
}
