/** One worker as its primary sees it: what it subscribes to, and what waits to be written to it. */
import type { Socket } from 'node:net'
import type { Topic } from '../broker.ts'
import { aboutTopic, ack, bare, LOST, LOST_ALL } from './record.ts'

/** More topics than this are not named one by one when frames of them were lost. */
const LOST_TOPICS_MAX = 1_000

export class Member {
  readonly topics = new Set<Topic>()
  /** Whether it has said who it is. */
  isKnown = false
  readonly #socket: Socket
  readonly #queueBytesMax: number
  #batch: Buffer[] = []
  #batchBytes = 0
  #acked = 0
  /** Frames are dropped from when its queue is full until half of it has left, so that it gets whole stretches instead of every other frame. */
  #isBehind = false
  readonly #lost = new Set<Topic>()
  #lostAll = false

  constructor(socket: Socket, queueBytesMax: number) {
    this.#socket = socket
    this.#queueBytesMax = queueBytesMax
    socket.on('drain', () => this.flush())
  }

  /** What a record asked for is done; the worker is told so at the next flush. */
  carriedOut(): void {
    this.#acked += 1
  }

  /** False where the frame is dropped; the worker will be told. */
  offer(topic: Topic, whole: Buffer): boolean {
    const queued = this.#socket.writableLength + this.#batchBytes
    if (this.#isBehind && queued * 2 <= this.#queueBytesMax) this.#catchUp()
    if (this.#isBehind || queued + whole.length > this.#queueBytesMax) return this.#lose(topic)
    this.tell(whole)
    return true
  }

  /** Puts a record into what is written at the next flush. */
  tell(record: Buffer): void {
    this.#batch.push(record)
    this.#batchBytes += record.length
  }

  /** Writes what has gathered. The copy is on purpose: a slice that waits would keep all of what came in with it. */
  flush(): void {
    if (this.#isBehind && this.#socket.writableLength * 2 <= this.#queueBytesMax) this.#catchUp()
    if (this.#acked > 0) this.tell(ack(this.#acked))
    this.#acked = 0
    if (this.#batchBytes === 0) return
    const bytes = Buffer.concat(this.#batch, this.#batchBytes)
    this.#batch = []
    this.#batchBytes = 0
    if (this.#socket.writable) this.#socket.write(bytes)
  }

  close(): void {
    this.#socket.destroy()
  }

  #lose(topic: Topic): false {
    this.#isBehind = true
    if (this.#lost.size < LOST_TOPICS_MAX) this.#lost.add(topic)
    else if (!this.#lost.has(topic)) this.#lostAll = true
    return false
  }

  /** The gap is told before any later frame. */
  #catchUp(): void {
    this.#isBehind = false
    if (this.#lostAll) this.tell(bare(LOST_ALL))
    else for (const topic of this.#lost) this.tell(aboutTopic(LOST, topic))
    this.#lost.clear()
    this.#lostAll = false
  }
}
