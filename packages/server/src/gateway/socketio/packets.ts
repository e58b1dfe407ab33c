/** Reads and writes Socket.IO packets (protocol 5) as text only: what a chat needs of the protocol, and nothing that a client could park memory with. */
import { BOUNDS } from './bounds.ts'

export const PACKET = { connect: 0, disconnect: 1, event: 2, ack: 3, connectError: 4 } as const

export interface Packet {
  readonly type: number
  readonly nsp: string
  readonly id?: number
  readonly data?: unknown
}

// These have a meaning of their own in the clients' and servers' event emitters.
const RESERVED = new Set([
  'connect',
  'connect_error',
  'disconnect',
  'disconnecting',
  'newListener',
  'removeListener',
])
const DIGITS = /\d*/y

export class PacketError extends Error {}

/** Throws `PacketError` for whatever a client may not send: binary packets, server packets, payloads of the wrong kind. */
export function decodePacket(text: string): Packet {
  const type = text.charCodeAt(0) - 48
  if (!(type >= PACKET.connect && type <= PACKET.ack)) throw new PacketError('packet type')
  const { nsp, next } = namespaceAt(text, 1)
  const { id, next: start } = idAt(text, next)
  const data = start < text.length ? json(text.slice(start)) : undefined
  if (!fits(type, data)) throw new PacketError('payload')
  return { type, nsp, ...(id !== undefined && { id }), ...(data !== undefined && { data }) }
}

export function encodePacket(packet: Packet): string {
  const namespace = packet.nsp === '/' ? '' : `${packet.nsp},`
  const data = packet.data === undefined ? '' : JSON.stringify(packet.data)
  return `${packet.type}${namespace}${packet.id ?? ''}${data}`
}

function namespaceAt(text: string, at: number): { nsp: string; next: number } {
  if (text[at] !== '/') return { nsp: '/', next: at }
  const comma = text.indexOf(',', at)
  const end = comma === -1 ? text.length : comma
  if (end - at > BOUNDS.namespaceCharsMax) throw new PacketError('namespace')
  return { nsp: text.slice(at, end), next: comma === -1 ? end : end + 1 }
}

function idAt(text: string, at: number): { id: number | undefined; next: number } {
  DIGITS.lastIndex = at
  const digits = DIGITS.exec(text)?.[0] ?? ''
  if (digits === '') return { id: undefined, next: at }
  const id = Number(digits)
  if (!Number.isSafeInteger(id)) throw new PacketError('acknowledgement id')
  return { id, next: at + digits.length }
}

function json(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new PacketError('json')
  }
}

function fits(type: number, data: unknown): boolean {
  if (type === PACKET.connect) return data === undefined || isRecord(data)
  if (type === PACKET.disconnect) return data === undefined
  if (!Array.isArray(data)) return false
  if (type === PACKET.ack) return true
  const name: unknown = data[0]
  return typeof name === 'number' || (typeof name === 'string' && !RESERVED.has(name))
}

function isRecord(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** One per server, as Socket.IO's `parser` option wants it. */
export class Encoder {
  encode(packet: Packet): string[] {
    return [encodePacket(packet)]
  }
}

/** One per engine connection, as Socket.IO's `parser` option wants it. An exception from `add` closes the connection. */
export class Decoder {
  protected readonly connectsMax: number = BOUNDS.connectsPerConnectionMax
  #connects = 0
  #decoded: ((packet: Packet) => void) | undefined

  on(event: string, listener: (packet: Packet) => void): void {
    if (event === 'decoded') this.#decoded = listener
  }

  removeListener(event: string, listener: (packet: Packet) => void): void {
    if (event === 'decoded' && this.#decoded === listener) this.#decoded = undefined
  }

  add(data: unknown): void {
    if (typeof data !== 'string') throw new PacketError('binary')
    const packet = decodePacket(data)
    if (packet.type === PACKET.connect && ++this.#connects > this.connectsMax) {
      throw new PacketError('too many connects')
    }
    this.#decoded?.(packet)
  }

  destroy(): void {
    this.#decoded = undefined
  }
}

/** The same, for clients that may have several namespaces. */
export class NamespacedDecoder extends Decoder {
  protected override readonly connectsMax = BOUNDS.namespacedConnectsMax
}
