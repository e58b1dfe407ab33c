/** The worker's side: one connection to the primary, as the link between them needs it. */
import { connect, type Socket } from 'node:net'
import type { Frame, Topic } from '../broker.ts'
import type { Carrier, CarrierEvents } from '../link/carrier.ts'
import {
  ACK,
  aboutTopic,
  bare,
  FRAME,
  fits,
  frameRecord,
  HELLO,
  HELLO_RECORD_BYTES,
  hello,
  IPC_VERSION,
  type Kind,
  LOST,
  LOST_ALL,
  PING,
  RECORD_BYTES_OVER_FRAME,
  RecordReader,
  readAck,
  readFrame,
  readHello,
  readTopic,
  SUBSCRIBE,
  UNSUBSCRIBE,
} from './record.ts'

/** The records of one turn, which the primary answers together. */
interface Batch {
  readonly records: Buffer[]
  readonly carriedOut: Promise<void>
  resolve(): void
  reject(error: Error): void
  /** How many records the primary has carried out when it has carried out these. */
  end: number
}

export interface IpcPlan {
  readonly path: string
  readonly connectMsMax: number
  readonly frameBytesMax: number
  readonly events: CarrierEvents
  readonly signal: AbortSignal
}

/** Resolves when the primary has greeted. `connectMsMax` bounds what the caller's patience does not: the socket is gone after it. */
export async function openConnection(plan: IpcPlan): Promise<Carrier> {
  const { path, connectMsMax, frameBytesMax, events, signal } = plan
  const connection = new IpcConnection(connect(path), frameBytesMax, events)
  const giveUp = () => connection.giveUp('nobody wants it any more')
  signal.addEventListener('abort', giveUp)
  try {
    await connection.open(connectMsMax)
    return connection
  } finally {
    signal.removeEventListener('abort', giveUp)
  }
}

class IpcConnection implements Carrier {
  readonly #socket: Socket
  readonly #events: CarrierEvents
  readonly #reader: RecordReader
  #frameBytesMax: number
  /** Those that are written and not answered, oldest first, then the one that gathers. */
  readonly #batches: Batch[] = []
  #gathering: Batch | undefined
  #sent = 0
  #acked = 0
  #state: 'opening' | 'open' | 'closed' = 'opening'
  #reason = 'the primary closed the connection'
  #opened: { resolve(): void; reject(error: Error): void } | undefined

  constructor(socket: Socket, frameBytesMax: number, events: CarrierEvents) {
    this.#socket = socket
    this.#events = events
    this.#frameBytesMax = frameBytesMax
    this.#reader = new RecordReader(HELLO_RECORD_BYTES)
    socket.on('connect', () => socket.write(hello({ version: IPC_VERSION, frameBytesMax })))
    socket.on('data', (piece: Buffer) => this.#read(piece))
    socket.on('error', (error) => {
      this.#reason = error.message
    })
    socket.on('close', () => this.#gone())
  }

  open(connectMsMax: number): Promise<void> {
    this.#socket.setTimeout(connectMsMax, () =>
      this.giveUp(`the primary does not greet within ${connectMsMax} ms`),
    )
    return new Promise((resolve, reject) => {
      this.#opened = { resolve, reject }
    })
  }

  /** Ends it, and says so. */
  giveUp(reason: string): void {
    this.#reason = reason
    this.#socket.destroy()
  }

  subscribe(topic: Topic): Promise<void> {
    return this.#ask(fits(topic) ? aboutTopic(SUBSCRIBE, topic) : undefined)
  }

  unsubscribe(topic: Topic): Promise<void> {
    return this.#ask(fits(topic) ? aboutTopic(UNSUBSCRIBE, topic) : undefined)
  }

  publish(topic: Topic, frame: Frame): Promise<void> {
    const isFine = fits(topic) && frame.byteLength <= this.#frameBytesMax
    return this.#ask(isFine ? frameRecord(topic, frame) : undefined)
  }

  check(): Promise<void> {
    return this.#ask(bare(PING))
  }

  close(): void {
    if (this.#state === 'closed') return
    this.#state = 'closed'
    this.#socket.destroy()
    this.#rejectAll()
  }

  /** Undefined stands for what the primary would not take. */
  #ask(record: Buffer | undefined): Promise<void> {
    if (this.#state !== 'open') return Promise.reject(new Error(this.#reason))
    if (record === undefined) return Promise.reject(new Error('too large for the primary'))
    const batch = this.#gathering ?? this.#newBatch()
    batch.records.push(record)
    this.#sent += 1
    batch.end = this.#sent
    return batch.carriedOut
  }

  #newBatch(): Batch {
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    const batch: Batch = { records: [], carriedOut: promise, resolve, reject, end: 0 }
    this.#gathering = batch
    this.#batches.push(batch)
    queueMicrotask(() => this.#write(batch))
    return batch
  }

  /** One system call for all that was asked in a turn. */
  #write(batch: Batch): void {
    this.#gathering = undefined
    if (this.#state !== 'open') return
    const [only, ...others] = batch.records
    if (only !== undefined) {
      this.#socket.write(others.length === 0 ? only : Buffer.concat(batch.records))
    }
    batch.records.length = 0
  }

  #read(piece: Buffer): void {
    const fine = this.#reader.push(piece, (kind, body) => this.#hear(kind, body))
    if (fine || this.#state === 'closed') return
    this.giveUp('the primary speaks another language')
  }

  /** False where the record makes no sense, or where nothing more is to be heard. */
  #hear(kind: Kind, body: Buffer): boolean {
    if (this.#state === 'closed') return false
    if (this.#state === 'opening') return kind === HELLO && this.#greeted(body)
    switch (kind) {
      case FRAME:
        return this.#heardFrame(body)
      case ACK:
        return this.#heardAck(readAck(body))
      case LOST:
        return this.#heardLoss(readTopic(body))
      case LOST_ALL:
        this.#events.onGap()
        return true
      default:
        return false
    }
  }

  #greeted(body: Buffer): boolean {
    const said = readHello(body)
    if (said?.version !== IPC_VERSION) return false
    this.#frameBytesMax = said.frameBytesMax
    this.#reader.recordBytesMax = said.frameBytesMax + RECORD_BYTES_OVER_FRAME
    this.#socket.setTimeout(0)
    this.#state = 'open'
    this.#opened?.resolve()
    return true
  }

  #heardFrame(body: Buffer): boolean {
    const read = readFrame(body)
    if (read === undefined) return false
    this.#events.onFrame(read.topic, read.frame)
    return true
  }

  #heardAck(count: number | undefined): boolean {
    if (count === undefined) return false
    this.#acked += count
    let done = 0
    for (const batch of this.#batches) {
      if (batch.end > this.#acked || batch === this.#gathering) break
      batch.resolve()
      done += 1
    }
    this.#batches.splice(0, done)
    return this.#acked <= this.#sent
  }

  #heardLoss(topic: Topic | undefined): boolean {
    if (topic === undefined) return false
    this.#events.onGap(topic)
    return true
  }

  #gone(): void {
    const before = this.#state
    this.#state = 'closed'
    this.#rejectAll()
    if (before === 'opening') this.#opened?.reject(new Error(this.#reason))
    // Later, so that whoever waits for the opening hears of that first.
    else if (before === 'open') setImmediate(() => this.#events.onClosed(this.#reason))
  }

  #rejectAll(): void {
    for (const batch of this.#batches) batch.reject(new Error(this.#reason))
    this.#batches.length = 0
  }
}
