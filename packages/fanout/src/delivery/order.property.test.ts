import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { Socket } from 'socket.io'
import { systemClock } from '../clock.ts'
import { type ClientKind, type Pair, SocketGround } from '../testing/socket-ground.ts'
import { createWriter, encodeEvent, type Meter, type Writer } from './writer.ts'

const kinds: readonly ClientKind[] = ['websocket', 'polling', 'upgrade']
const roomNames = ['a', 'b', 'c'] as const

/** What happens, to which of the sockets, in which room. */
const step = fc.record({
  what: fc.oneof(
    { weight: 10, arbitrary: fc.constant('room' as const) },
    { weight: 2, arbitrary: fc.constantFrom('own', 'asked', 'binary', 'ask') },
    { weight: 1, arbitrary: fc.constantFrom('join', 'leave') },
    { weight: 2, arbitrary: fc.constantFrom('turn', 'sleep') },
  ),
  who: fc.nat(5),
  room: fc.constantFrom(...roomNames),
})
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never

interface Actor {
  readonly pair: Pair
  /** All that was written to it, in the order of the calls. */
  readonly expected: unknown[][]
}

/** A server, six clients of three kinds, and rooms that a test keeps. */
class Stage {
  readonly #ground: SocketGround
  readonly #writer: Writer
  readonly #rooms = new Map<string, { sockets: Set<Socket>; meter: Meter }>()
  readonly #actors: Actor[] = []
  #count = 0

  private constructor(ground: SocketGround, busy: number) {
    this.#ground = ground
    this.#writer = createWriter({ clock: systemClock, busy: () => busy })
    for (const name of roomNames) {
      this.#rooms.set(name, { sockets: new Set(), meter: this.#writer.newMeter() })
    }
  }

  static async open(busy: number): Promise<Stage> {
    const stage = new Stage(await SocketGround.open(), busy)
    for (const kind of [...kinds, ...kinds]) await stage.#enter(kind)
    return stage
  }

  async #enter(kind: ClientKind): Promise<void> {
    const pair = await this.#ground.connect(kind)
    const actor: Actor = { pair, expected: [] }
    pair.socket.on('ask', (n: unknown, answer: (n: unknown) => void) => {
      actor.expected.push(['answer', n])
      answer(n)
    })
    this.#actors.push(actor)
    this.#room('a').sockets.add(pair.socket)
    this.#say('a')
  }

  #room(name: string) {
    const room = this.#rooms.get(name)
    assert.ok(room !== undefined)
    return room
  }

  #say(name: string, ...more: unknown[]): void {
    const { sockets, meter } = this.#room(name)
    const args = ['room', name, this.#count++, ...more]
    const event = encodeEvent(this.#ground.io.encoder, '/', args)
    const connected = this.#actors.filter(
      ({ pair: { socket } }) => socket.connected && sockets.has(socket),
    )
    assert.equal(this.#writer.write(event, sockets, meter), connected.length)
    for (const { expected } of connected) expected.push(args)
  }

  async play({ what, who, room }: Step): Promise<void> {
    const actor = this.#actors[who]
    assert.ok(actor !== undefined)
    const { socket, client, heard } = actor.pair
    const n = this.#count++
    if (what === 'room') this.#say(room)
    else if (what === 'binary') this.#say(room, Buffer.from([n % 256, 2, 3]))
    else if (what === 'join') this.#room(room).sockets.add(socket)
    else if (what === 'leave') this.#room(room).sockets.delete(socket)
    else if (what === 'ask') client.emit('ask', n, () => void heard.push(['answer', n]))
    else if (what === 'turn') await new Promise((resolve) => setImmediate(resolve))
    else if (what === 'sleep') await new Promise((resolve) => setTimeout(resolve, n % 20))
    else {
      socket.emit(what, n)
      actor.expected.push([what, n])
    }
  }

  /** Disconnects them all while something is held, which must come first. */
  async check(): Promise<void> {
    const ends = this.#actors.map(
      ({ pair: { client } }) =>
        new Promise<void>((resolve) => client.once('disconnect', () => resolve())),
    )
    this.#say('a', 'last')
    for (const { pair } of this.#actors) pair.socket.disconnect()
    await Promise.all(ends)
    for (const { pair, expected } of this.#actors) assert.deepEqual(pair.heard, expected)
  }

  async close(): Promise<void> {
    this.#writer.stop()
    await this.#ground.close()
  }
}

for (const busy of [0, 1]) {
  test(`each client hears exactly what was called, in that order (loop ${busy * 100} % busy)`, async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 30, maxLength: 120 }), async (steps) => {
        const stage = await Stage.open(busy)
        try {
          for (const one of steps) await stage.play(one)
          await stage.check()
        } finally {
          await stage.close()
        }
      }),
      { numRuns: 12, endOnFailure: true },
    )
  })
}
