/** The primary's side: carries frames between the workers of one host, each only to those that subscribe to its topic. */
import { once } from 'node:events'
import { createServer, type Server, type Socket } from 'node:net'
import type { Topic } from '../broker.ts'
import { Member } from './member.ts'
import { IPC_PATH_VARIABLE, type IpcPlace, listenAt, newPlace } from './place.ts'
import {
  FRAME,
  HELLO,
  hello,
  IPC_VERSION,
  type Kind,
  PING,
  RECORD_BYTES_OVER_FRAME,
  RecordReader,
  readFrame,
  readHello,
  readTopic,
  SUBSCRIBE,
  UNSUBSCRIBE,
} from './record.ts'

export interface ServeIpcOptions {
  /** Where to listen: a Unix socket's path, or a Windows pipe's name. A fresh private folder in the system's temporary one unless given. */
  readonly path?: string
  /** Larger frames are refused, in bytes (default 1 MiB). */
  readonly frameBytesMax?: number
  /** What may wait to be written to one worker, in bytes (default 16 MiB). Past it, frames for that worker are dropped, counted, and told to it as a gap. */
  readonly queueBytesMax?: number
}

export interface IpcStats {
  /** Workers that are connected. */
  readonly workers: number
  /** Topics that some worker subscribes to. */
  readonly topics: number
  /** Frames that were dropped because a worker was too slow, once per worker. */
  readonly droppedFrames: number
  /** Connections that were cut because what came in made no sense. */
  readonly malformed: number
}

export interface IpcServer {
  readonly path: string
  /** What a worker needs in its environment: `cluster.fork(server.env)`, `fork(file, { env: { ...process.env, ...server.env } })`. */
  readonly env: Readonly<Record<string, string>>
  stats(): IpcStats
  /** Cuts all workers off and removes the socket. Calling it twice is calling it once. */
  stop(): Promise<void>
}

/** Called once by the process that forks. Rejects where it cannot listen, or where another primary listens at that path. */
export async function serveIpc(options: ServeIpcOptions = {}): Promise<IpcServer> {
  const place = options.path === undefined ? newPlace() : { path: options.path }
  const primary = new Primary(place, options)
  await primary.listen()
  return primary
}

class Primary implements IpcServer {
  readonly path: string
  readonly env: Readonly<Record<string, string>>
  readonly #place: IpcPlace
  readonly #frameBytesMax: number
  readonly #queueBytesMax: number
  readonly #server: Server
  readonly #members = new Set<Member>()
  readonly #interest = new Map<Topic, Set<Member>>()
  #droppedFrames = 0
  #malformed = 0
  #stopped: Promise<void> | undefined

  constructor(place: IpcPlace, options: ServeIpcOptions) {
    this.path = place.path
    this.env = { [IPC_PATH_VARIABLE]: place.path }
    this.#place = place
    this.#frameBytesMax = options.frameBytesMax ?? 1_048_576
    this.#queueBytesMax = options.queueBytesMax ?? 16_777_216
    this.#server = createServer((socket) => this.#accept(socket))
  }

  async listen(): Promise<void> {
    try {
      await listenAt(this.#server, this.path)
    } catch (error) {
      this.#place.remove?.()
      throw error
    }
    // A connection that cannot be accepted (no file handles left) is that worker's loss, and it tries again.
    this.#server.on('error', () => {})
  }

  stats(): IpcStats {
    return {
      workers: this.#members.size,
      topics: this.#interest.size,
      droppedFrames: this.#droppedFrames,
      malformed: this.#malformed,
    }
  }

  stop(): Promise<void> {
    this.#stopped ??= this.#stop()
    return this.#stopped
  }

  async #stop(): Promise<void> {
    const closed = once(this.#server, 'close')
    this.#server.close()
    for (const member of this.#members) member.close()
    await closed
    this.#place.remove?.()
  }

  #accept(socket: Socket): void {
    const member = new Member(socket, this.#queueBytesMax)
    this.#members.add(member)
    const reader = new RecordReader(this.#frameBytesMax + RECORD_BYTES_OVER_FRAME)
    const touched = new Set<Member>([member])
    socket.on('data', (piece: Buffer) => {
      const fine = reader.push(piece, (kind, body, whole) =>
        this.#carryOut(member, kind, body, whole, touched),
      )
      for (const each of touched) each.flush()
      touched.clear()
      touched.add(member)
      if (fine) return
      this.#malformed += 1
      member.close()
    })
    // The end of a connection says all that is to be said of it.
    socket.on('error', () => {})
    socket.on('close', () => this.#forget(member))
  }

  /** False where the record makes no sense. */
  #carryOut(
    member: Member,
    kind: Kind,
    body: Buffer,
    whole: Buffer,
    touched: Set<Member>,
  ): boolean {
    if (!member.isKnown) return kind === HELLO && this.#greet(member, body)
    member.carriedOut()
    switch (kind) {
      case SUBSCRIBE:
        return this.#subscribe(member, readTopic(body))
      case UNSUBSCRIBE:
        return this.#unsubscribe(member, readTopic(body))
      case FRAME:
        return this.#spread(member, body, whole, touched)
      case PING:
        return body.length === 0
      default:
        return false
    }
  }

  #greet(member: Member, body: Buffer): boolean {
    const said = readHello(body)
    if (said?.version !== IPC_VERSION) return false
    member.isKnown = true
    member.tell(hello({ version: IPC_VERSION, frameBytesMax: this.#frameBytesMax }))
    return true
  }

  #subscribe(member: Member, topic: Topic | undefined): boolean {
    if (topic === undefined) return false
    member.topics.add(topic)
    const members = this.#interest.get(topic)
    if (members === undefined) this.#interest.set(topic, new Set([member]))
    else members.add(member)
    return true
  }

  #unsubscribe(member: Member, topic: Topic | undefined): boolean {
    if (topic === undefined) return false
    member.topics.delete(topic)
    const members = this.#interest.get(topic)
    if (members?.delete(member) && members.size === 0) this.#interest.delete(topic)
    return true
  }

  #spread(from: Member, body: Buffer, whole: Buffer, touched: Set<Member>): boolean {
    const read = readFrame(body)
    if (read === undefined || read.frame.byteLength > this.#frameBytesMax) return false
    for (const member of this.#interest.get(read.topic) ?? []) {
      if (member === from) continue
      if (member.offer(read.topic, whole)) touched.add(member)
      else this.#droppedFrames += 1
    }
    return true
  }

  /** A worker that is gone, however it went, leaves no interest behind. */
  #forget(member: Member): void {
    for (const topic of [...member.topics]) this.#unsubscribe(member, topic)
    this.#members.delete(member)
  }
}
