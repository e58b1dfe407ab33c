/** Events as frames, and a writer that writes at once. */
import type { Socket } from 'socket.io'
import { Outlet } from '../delivery/engine.ts'
import { messageFrame } from '../delivery/frame.ts'

export interface EncodedEvent {
  readonly nsp: string
  args(): unknown[]
  chunks(): readonly (string | Buffer)[]
  readonly frame: Buffer
}
export interface WriteOptions {
  readonly droppable?: boolean
  readonly compress?: boolean
}
export interface Meter {
  lastAt: number
}
export interface PacketEncoder {
  encode(packet: { type: number; nsp: string; data: unknown[]; id?: number }): unknown[]
}
export interface Writer {
  newMeter(): Meter
  write(
    event: EncodedEvent,
    sockets: Iterable<Socket>,
    meter: Meter,
    options?: WriteOptions,
  ): number
  flush(socket: Socket): void
  bytesQueued(socket: Socket): number
  stop(): void
}
export class FrameError extends Error {}

function binaryFrame(bytes: Uint8Array): Buffer {
  const frame = messageFrame('x'.repeat(bytes.length - 1))
  frame[0] = 0x82
  frame.set(bytes, frame.length - bytes.length)
  return frame
}

export function encodeEvent(
  encoder: PacketEncoder,
  nsp: string,
  args: readonly unknown[],
): EncodedEvent {
  const data = [...args]
  const chunks = encoder.encode({ type: 2, nsp, data }) as (string | Buffer)[]
  const frame = Buffer.concat(
    chunks.map((chunk) =>
      typeof chunk === 'string' ? messageFrame(chunk) : binaryFrame(new Uint8Array(chunk)),
    ),
  )
  return { nsp, frame, args: () => data, chunks: () => readFrames(frame) }
}

export function eventFromFrame(nsp: string, frame: Buffer): EncodedEvent {
  return { nsp, frame, chunks: () => readFrames(frame), args: () => argsOf(nsp, readFrames(frame)) }
}

function argsOf(nsp: string, [text, ...attachments]: readonly (string | Buffer)[]): unknown[] {
  if (typeof text !== 'string') throw new FrameError('an event begins with a text')
  const kind = /^(?:2|5\d+-)/.exec(text)?.[0] ?? ''
  const place = nsp === '/' ? '' : `${nsp},`
  if (kind === '' || !text.startsWith(place, kind.length)) throw new FrameError('event header')
  const args: unknown = JSON.parse(text.slice(kind.length + place.length), (_k, value) =>
    attachments.length > 0 && value?._placeholder === true ? attachments[value.num] : value,
  )
  if (!Array.isArray(args)) throw new FrameError('event arguments')
  return args
}

export function readFrames(frames: Buffer): (string | Buffer)[] {
  const chunks: (string | Buffer)[] = []
  for (let at = 0; at < frames.length; ) {
    const short = frames[at + 1] ?? 255
    if (short > 127) throw new FrameError('frame length')
    const start = at + (short < 126 ? 2 : short === 126 ? 4 : 10)
    if (start > frames.length) throw new FrameError('frame header')
    const length =
      short < 126
        ? short
        : short === 126
          ? frames.readUInt16BE(at + 2)
          : Number(frames.readBigUInt64BE(at + 2))
    if (start + length > frames.length) throw new FrameError('frame payload')
    const payload = frames.subarray(start, start + length)
    if (frames[at] === 0x81) {
      if (payload[0] !== 0x34) throw new FrameError('packet type')
      chunks.push(payload.toString('utf8', 1))
    } else if (frames[at] === 0x82) chunks.push(payload)
    else throw new FrameError('frame head')
    at = start + length
  }
  return chunks
}

export function createWriter(options: {
  readonly limits: { readonly bytesQueuedMax: number }
  readonly listener: { onBehind(socket: Socket): void; onDrained(): void; onStuck(): void }
}): Writer {
  const outlets = new WeakMap<Socket, Outlet>()
  const outletOf = (socket: Socket) => {
    const outlet = outlets.get(socket) ?? new Outlet(socket)
    outlets.set(socket, outlet)
    return outlet
  }
  const { bytesQueuedMax } = options.limits
  return {
    newMeter: () => ({ lastAt: 0 }),
    write(event, sockets, _meter, { droppable = false, compress = true } = {}) {
      let written = 0
      const behind: Socket[] = []
      for (const socket of sockets) {
        if (!socket.connected) continue
        const queued = outletOf(socket).bytesQueued()
        if (queued > bytesQueuedMax) behind.push(socket)
        else if (!droppable || queued <= bytesQueuedMax / 2) {
          for (const listener of [...socket.listenersAnyOutgoing()])
            listener.apply(socket, event.args())
          for (const chunk of event.chunks()) socket.conn.write(chunk, { compress })
          written += 1
        }
      }
      for (const socket of behind) options.listener.onBehind(socket)
      return written
    },
    flush() {},
    bytesQueued: (socket) => outletOf(socket).bytesQueued(),
    stop() {},
  }
}
