/** The people of the experiment: each holds one connection, is in one room, talks, and counts what reaches them. */
import { setTimeout as wait } from 'node:timers/promises'
import { io, type Socket } from 'socket.io-client'
import type { Said } from './wiring.ts'

/** The seed's experiment: two chat messages and a question. */
const LANES = ['chat', 'chat', 'question'] as const
const PROBE_EVERY_MS = 200
/** The rest of the probes arrives in this time; what does not is counted as idle traffic. */
const PROBE_REST_MS = 400
const PROBE_TIMEOUT_MS = 10_000
/** Messages of all people together, a second. */
const MESSAGES_PER_SECOND = 150
/** A run in which nothing arrives for so long is over. */
const SILENCE_MS_MAX = 5_000
const LOOK_EVERY_MS = 20

export interface Delivered {
  /** Of people × messages of their rooms. */
  readonly expected: number
  readonly arrived: number
  readonly doubled: number
  /** That a person of another room got. */
  readonly strayed: number
}

interface Person {
  readonly socket: Socket
  readonly server: number
  room: string
  /** Sender and number of a message → how often it came. */
  seen: Map<string, number>
  /** Who could be heard. */
  heard: Set<number>
}

export class People {
  readonly #people: readonly Person[]
  #moves = 0

  constructor(people: readonly Person[]) {
    this.#people = people
  }

  /** Spread evenly over the servers. */
  static async connect(urls: readonly string[], count: number): Promise<People> {
    const people = Array.from({ length: count }, (_, index) => {
      const server = index % urls.length
      const socket = io(urls[server] ?? '', { forceNew: true, transports: ['websocket'] })
      const person: Person = { socket, server, room: '', seen: new Map(), heard: new Set() }
      socket.on('probed', (from: number) => person.heard.add(from))
      socket.on('said', ({ from, n }: Said) => {
        const key = `${from}/${n}`
        person.seen.set(key, (person.seen.get(key) ?? 0) + 1)
      })
      return person
    })
    await Promise.all(people.map(({ socket }) => connected(socket)))
    return new People(people)
  }

  get count(): number {
    return this.#people.length
  }

  /**
   * Neighbours share a room, so that each room has people at every server. Resolves when everyone can hear everyone of their room. Names are never used
   * again: an adapter that forgets a room for which one leaves while another comes would be measured without its traffic.
   */
  async join(rooms: number): Promise<void> {
    this.#moves++
    const perRoom = Math.ceil(this.count / rooms)
    await Promise.all(
      this.#people.map(async (person, index) => {
        person.room = `room-${this.#moves}-${Math.floor(index / perRoom)}`
        await person.socket.emitWithAck('join', [person.room])
      }),
    )
    await this.#probe()
  }

  /** How long `talk` takes at least. */
  talkMs(messagesEach: number): number {
    return (messagesEach * this.count * 1_000) / MESSAGES_PER_SECOND
  }

  /** Everyone says so many messages, one after the other; resolves when all arrived, or nothing does any more. */
  async talk(messagesEach: number): Promise<Delivered> {
    for (const person of this.#people) person.seen.clear()
    const startedMs = performance.now()
    for (let index = 0; index < messagesEach * this.count; index++) {
      const earlyMs = startedMs + (index * 1_000) / MESSAGES_PER_SECOND - performance.now()
      if (earlyMs > 0) await wait(earlyMs)
      this.#say(index % this.count, Math.floor(index / this.count))
    }
    const restMs = startedMs + this.talkMs(messagesEach) - performance.now()
    if (restMs > 0) await wait(restMs)
    await this.#quiet(messagesEach)
    return this.#delivered(messagesEach)
  }

  stop(): void {
    for (const { socket } of this.#people) socket.disconnect()
  }

  #say(from: number, n: number): void {
    const person = this.#people[from]
    const said: Said = { lane: LANES[n % LANES.length] ?? 'chat', text: 'hello', from, n }
    person?.socket.emit('say', person.room, said)
  }

  async #quiet(messagesEach: number): Promise<void> {
    let { arrived: before, expected } = this.#delivered(messagesEach)
    let atMs = performance.now()
    while (before < expected && performance.now() - atMs < SILENCE_MS_MAX) {
      await wait(LOOK_EVERY_MS)
      const { arrived } = this.#delivered(messagesEach)
      if (arrived !== before) atMs = performance.now()
      before = arrived
    }
  }

  #delivered(messagesEach: number): Delivered {
    const total = { expected: 0, arrived: 0, doubled: 0, strayed: 0 }
    const sizes = Map.groupBy(this.#people, ({ room }) => room)
    for (const { room, seen } of this.#people) {
      total.expected += (sizes.get(room)?.length ?? 0) * messagesEach
      for (const [key, times] of seen) {
        total.doubled += times - 1
        const isOwn = this.#people[Number.parseInt(key, 10)]?.room === room
        if (isOwn) total.arrived++
        else total.strayed++
      }
    }
    return total
  }

  /** Subscriptions may be under way although `join` was answered: one person per room and server asks until all of the room heard each. */
  async #probe(): Promise<void> {
    const speakers = new Map<string, Map<number, number>>()
    for (const [index, person] of this.#people.entries()) {
      person.heard.clear()
      const mine = speakers.get(person.room) ?? new Map<number, number>()
      if (!mine.has(person.server)) mine.set(person.server, index)
      speakers.set(person.room, mine)
    }
    const isHeard = (): boolean =>
      this.#people.every((person) =>
        [...(speakers.get(person.room)?.values() ?? [])].every((from) => person.heard.has(from)),
      )
    const untilMs = performance.now() + PROBE_TIMEOUT_MS
    while (!isHeard() && performance.now() < untilMs) {
      for (const [room, mine] of speakers)
        for (const from of mine.values()) this.#people[from]?.socket.emit('probe', room, from)
      await wait(PROBE_EVERY_MS)
    }
    await wait(PROBE_REST_MS)
  }
}

async function connected(socket: Socket): Promise<void> {
  if (socket.connected) return
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve)
    socket.once('connect_error', reject)
  })
}
