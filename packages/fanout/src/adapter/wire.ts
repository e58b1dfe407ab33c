/** The frames between nodes: a small header, and after it the event as clients get it, so that a receiving node neither decodes nor encodes it. */

/** What this code writes. Raise it when a field changes its meaning, and go on reading what the version before it wrote. */
export const wireVersion = 1
/** The oldest version whose readers understand what this code writes: they skip what they do not know in `extension`. */
const readableFrom = 1
/** The oldest version that this code reads. */
const oldestRead = 1

export const kinds = {
  /** "I am alive"; `value`: revision of the sender's namespaces. */
  beat: 1,
  /** All about a node; `value`: revision, `rooms`: its namespaces, body: its name. */
  hello: 2,
  /** `value`: the new revision, `rooms`: namespaces that were opened, `except`: that were closed. */
  change: 3,
  /** "Say hello to me". */
  ask: 4,
  /** "I am leaving". */
  bye: 5,
  event: 16,
  /** Like `event`, and each client's acknowledgement is wanted within `value` ms. */
  eventWithAck: 17,
  join: 18,
  leave: 19,
  disconnect: 20,
  /** "Have you done the command with the id `value`?" */
  settle: 21,
  fetch: 22,
  ids: 23,
  serverEmit: 24,
  serverEmitWithAck: 25,
  /** The last answer to the request with the id `value`. */
  reply: 32,
  /** How many clients were asked for an acknowledgement. */
  ackCount: 33,
  ack: 34,
} as const

export type Kind = (typeof kinds)[keyof typeof kinds]

export const flags = {
  volatile: 1,
  uncompressed: 2,
  /** Goes out on several topics: whoever has several of them drops all but the first. */
  repeated: 4,
  /** Of `disconnect`: the connection too. */
  close: 8,
} as const

/** A room's name. TypeScript users have strings; Socket.IO takes numbers as well, and 1 is not "1". */
export type Name = string | number

export interface WireFrame {
  readonly kind: Kind
  readonly flags: number
  /** Eight ASCII characters. */
  readonly node: string
  /** Counts the sender's frames, from 1. */
  readonly id: number
  /** What the kind says; 0 where it says nothing. */
  readonly value: number
  readonly nsp: string
  readonly rooms: readonly Name[]
  readonly except: readonly Name[]
  /** Shares memory with the frame that it was read from. */
  readonly body: Buffer
}

/** `malformed`: cut short, or never ours. `foreign`: of a version or kind that this code does not know. */
export type Unread = 'malformed' | 'foreign'

/** Version, readable from, kind, flags, node (8), id (6), value (6). */
const fixedBytes = 24
/** Enough for one `io.to(...)`; what claims to have more is malformed. */
const namesMax = 65_536

const textTag = 0
const numberTag = 1
/** Names that UTF-8 cannot say: half a surrogate pair. */
const utf16Tag = 2

interface Text {
  readonly tag: number
  readonly text: string
  readonly bytes: number
}

export function writeFrame(frame: WireFrame): Buffer {
  const rooms = frame.rooms.map(textOf)
  const except = frame.except.map(textOf)
  const nsp = textOf(frame.nsp)
  let size = fixedBytes + sizeOf(nsp) + varintBytes(rooms.length) + varintBytes(except.length) + 1
  for (const text of rooms) size += sizeOf(text)
  for (const text of except) size += sizeOf(text)
  const into = Buffer.allocUnsafe(size + frame.body.length)
  into[0] = wireVersion
  into[1] = readableFrom
  into[2] = frame.kind
  into[3] = frame.flags
  into.write(frame.node, 4, 8, 'latin1')
  into.writeUIntBE(frame.id, 12, 6)
  into.writeUIntBE(frame.value, 18, 6)
  let at = writeText(into, fixedBytes, nsp)
  for (const texts of [rooms, except]) {
    at = writeVarint(into, at, texts.length)
    for (const text of texts) at = writeText(into, at, text)
  }
  // No extension yet.
  into[at] = 0
  frame.body.copy(into, at + 1)
  return into
}

/** Reads what any node sent; never throws. */
export function readFrame(bytes: Uint8Array): WireFrame | Unread {
  const from = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (from.length < fixedBytes) return 'malformed'
  const [version = 0, readers = 0, kind = 0] = from
  if (version === 0 || readers === 0 || readers > version) return 'malformed'
  if (version < oldestRead || readers > wireVersion) return 'foreign'
  if (!isKind(kind)) return 'foreign'
  const reader = new Reader(from, fixedBytes)
  const nsp = reader.name()
  const rooms = reader.names()
  const except = reader.names()
  const body = reader.afterExtension()
  if (reader.failed || typeof nsp !== 'string') return 'malformed'
  return {
    kind,
    flags: from.readUInt8(3),
    node: from.toString('latin1', 4, 12),
    id: from.readUIntBE(12, 6),
    value: from.readUIntBE(18, 6),
    nsp,
    rooms,
    except,
    body,
  }
}

const known: ReadonlySet<number> = new Set(Object.values(kinds))
const isKind = (kind: number): kind is Kind => known.has(kind)

function textOf(name: Name): Text {
  // What is neither string nor number is no name that Socket.IO's types allow.
  const tag = typeof name === 'number' ? numberTag : textTag
  const text = String(name)
  if (tag === textTag && !text.isWellFormed()) {
    return { tag: utf16Tag, text, bytes: text.length * 2 }
  }
  return { tag, text, bytes: Buffer.byteLength(text) }
}

/** A name's length and tag share one number. */
const headOf = ({ tag, bytes }: Text) => bytes * 4 + tag
const sizeOf = (text: Text) => varintBytes(headOf(text)) + text.bytes

function writeText(into: Buffer, at: number, text: Text): number {
  const start = writeVarint(into, at, headOf(text))
  into.write(text.text, start, text.bytes, text.tag === utf16Tag ? 'utf16le' : 'utf8')
  return start + text.bytes
}

function varintBytes(value: number): number {
  let bytes = 1
  for (let rest = value; rest >= 128; rest = Math.floor(rest / 128)) bytes += 1
  return bytes
}

function writeVarint(into: Buffer, start: number, value: number): number {
  let at = start
  let rest = value
  for (; rest >= 128; rest = Math.floor(rest / 128)) into[at++] = (rest % 128) | 128
  into[at++] = rest
  return at
}

/** Reads on from one place; once something is not there, `failed` stays true and all else is empty. */
class Reader {
  failed = false
  readonly #from: Buffer
  #at: number

  constructor(from: Buffer, at: number) {
    this.#from = from
    this.#at = at
  }

  name(): Name {
    const head = this.#varint()
    const tag = head % 4
    const text = this.#text(Math.floor(head / 4), tag)
    if (tag === numberTag) return Number(text)
    if (tag > utf16Tag) this.failed = true
    return text
  }

  names(): readonly Name[] {
    const count = this.#varint()
    // Each takes a byte at least, so a claim that the frame cannot hold ends here.
    if (count > namesMax || count > this.#from.length - this.#at) this.failed = true
    const names: Name[] = []
    while (!this.failed && names.length < count) names.push(this.name())
    return names
  }

  afterExtension(): Buffer {
    const bytes = this.#varint()
    this.#at += bytes
    if (this.#at > this.#from.length) this.failed = true
    return this.#from.subarray(this.#at)
  }

  #varint(): number {
    let value = 0
    for (let scale = 1; scale < 2 ** 42; scale *= 128) {
      const byte = this.#from[this.#at++]
      if (byte === undefined) break
      value += (byte & 127) * scale
      if (byte < 128) return value
    }
    this.failed = true
    return 0
  }

  #text(bytes: number, tag: number): string {
    const start = this.#at
    this.#at += bytes
    if (this.failed || this.#at > this.#from.length) {
      this.failed = true
      return ''
    }
    return this.#from.toString(tag === utf16Tag ? 'utf16le' : 'utf8', start, this.#at)
  }
}
