/** People with nothing but the stock client and a few lines: `joinRoom` once, `sendMessage`, `message`. What becomes of them while nodes are restarted is up to the server. */
import { io, type Socket } from 'socket.io-client'
import { type Ground, until } from './ground.ts'

interface Message {
  readonly roomId: string
  readonly seq: number
  readonly content: string
}

class PlainClient {
  readonly socket: Socket
  readonly seen: Message[] = []
  /** Content → seq. */
  readonly acknowledged = new Map<string, number>()
  moves = 0

  constructor(url: string, room: string) {
    this.socket = io(url, { forceNew: true })
    // Everybody is in the default room besides.
    this.socket.on('message', (message: Message) => {
      if (message.roomId === room) this.seen.push(message)
    })
    this.socket.on('disconnect', () => this.moves++)
  }

  send(room: string, content: string): void {
    this.socket.emit(
      'sendMessage',
      room,
      { content, type: 'text' },
      (answer: { ok: boolean; seq: number }) => {
        if (answer.ok) this.acknowledged.set(content, answer.seq)
      },
    )
  }

  has(content: string): boolean {
    return this.seen.some((message) => message.content === content)
  }
}

export interface PlainSeen {
  readonly people: number
  readonly moves: number
  readonly acknowledged: number
  readonly missed: number
  /** Shown again under the same number: where a server cannot tell exactly where a client was, it repeats rather than loses. */
  readonly twice: number
  readonly disordered: number
}

export class PlainPeople {
  readonly #room: string
  readonly #people: readonly PlainClient[]
  #timer: NodeJS.Timeout | undefined
  #said = 0

  private constructor(room: string, people: readonly PlainClient[]) {
    this.#room = room
    this.#people = people
  }

  /** Resolves when all are in the room. They leave with the ground. */
  static async comeIn(
    ground: Ground,
    url: string,
    room: string,
    count: number,
  ): Promise<PlainPeople> {
    const people = Array.from({ length: count }, () => new PlainClient(url, room))
    const all = new PlainPeople(room, people)
    ground.later(() => all.leave())
    for (const { socket } of people) await socket.emitWithAck('joinRoom', room)
    return all
  }

  /** In turn, from now on until `rest`. */
  talk(everyMs: number): void {
    this.#timer = setInterval(() => {
      const at = this.#said++ % this.#people.length
      this.#people[at]?.send(this.#room, `plain ${this.#said}`)
    }, everyMs)
  }

  /** Stops talking, and resolves when everybody has heard a last word of everybody. */
  async rest(): Promise<void> {
    clearInterval(this.#timer)
    for (const [at, person] of this.#people.entries()) person.send(this.#room, `last ${at}`)
    await until('the last words at everybody', () =>
      this.#people.every((one) => this.#people.every((_, at) => one.has(`last ${at}`))),
    )
  }

  leave(): void {
    clearInterval(this.#timer)
    for (const { socket } of this.#people) socket.disconnect()
  }

  /** Everybody's screen against what anybody saw or was told. */
  judge(): PlainSeen {
    const all = new Set(
      this.#people.flatMap(({ seen, acknowledged }) => [
        ...seen.map(({ seq }) => seq),
        ...acknowledged.values(),
      ]),
    )
    const sum = (of: (one: PlainClient) => number) =>
      this.#people.reduce((total, one) => total + of(one), 0)
    return {
      people: this.#people.length,
      moves: sum(({ moves }) => moves),
      acknowledged: sum(({ acknowledged }) => acknowledged.size),
      missed: sum(({ seen }) => all.size - new Set(seen.map(({ seq }) => seq)).size),
      twice: sum(({ seen }) => seen.length - new Set(seen.map(({ seq }) => seq)).size),
      disordered: sum(({ seen }) => backwards(firstsOf(seen))),
    }
  }
}

/** Without what was shown again. */
function firstsOf(seen: readonly Message[]): readonly Message[] {
  const shown = new Set<number>()
  return seen.filter(({ seq }) => !shown.has(seq) && shown.add(seq))
}

const backwards = (seen: readonly Message[]): number =>
  seen.filter(({ seq }, at) => seq < (seen[at - 1]?.seq ?? 0)).length
