import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { type Decision, type Doubt, type DoubtEvent, decide, TRUSTED } from './doubt.ts'

const doubt = (pongsNeeded: number, pingsOwed: number): Doubt => ({ pongsNeeded, pingsOwed })

/** Every state and what each event makes of it: the next state, and what is done. */
const TABLE: Readonly<
  Record<string, { state: Doubt; on: Record<DoubtEvent, readonly [Doubt, Decision['act']]> }>
> = {
  trusted: {
    state: TRUSTED,
    on: {
      stood_still: [doubt(2, 1), 'ping'],
      pong: [TRUSTED, 'none'],
      request: [TRUSTED, 'accept'],
    },
  },
  doubted: {
    state: doubt(2, 1),
    on: {
      stood_still: [doubt(3, 2), 'ping'],
      pong: [doubt(1, 1), 'ping'],
      request: [doubt(2, 1), 'refuse'],
    },
  },
  'asked again': {
    state: doubt(1, 1),
    on: {
      stood_still: [doubt(3, 2), 'ping'],
      pong: [TRUSTED, 'none'],
      request: [doubt(1, 1), 'refuse'],
    },
  },
  'doubted anew before it was trusted': {
    state: doubt(3, 2),
    on: {
      stood_still: [doubt(4, 3), 'ping'],
      pong: [doubt(2, 2), 'ping'],
      request: [doubt(3, 2), 'refuse'],
    },
  },
  'asked again, with two pings under way': {
    state: doubt(2, 2),
    on: {
      stood_still: [doubt(4, 3), 'ping'],
      pong: [doubt(1, 1), 'none'],
      request: [doubt(2, 2), 'refuse'],
    },
  },
}

describe('a client is doubted, by state and event', () => {
  for (const [name, { state, on }] of Object.entries(TABLE)) {
    for (const [event, [next, act]] of Object.entries(on)) {
      it(`${name}: ${event}`, () => {
        assert.deepEqual(decide(state, event as DoubtEvent), { next, act })
      })
    }
  }
})

/** What a client sent, and how often the node had stood still by then. */
interface Sent {
  readonly what: 'pong' | 'request'
  readonly after: number
}

/** A node, a client, and the two directions between them. Nothing is read before what was sent before it. */
class Line {
  readonly accepted: Sent[] = []
  stills = 0
  #doubt = TRUSTED
  /** Pings that the client has not answered. */
  #pings = 0
  readonly #buffer: Sent[] = []

  /** engine.io pings by itself where nothing is under way. */
  interval(): void {
    if (this.#pings === 0 && !this.#buffer.some(({ what }) => what === 'pong')) this.#pings++
  }

  standStill(): void {
    this.stills++
    this.#happened('stood_still')
  }

  answer(): void {
    if (this.#pings === 0) return
    this.#pings--
    this.#buffer.push({ what: 'pong', after: this.stills })
  }

  ask(): void {
    this.#buffer.push({ what: 'request', after: this.stills })
  }

  read(): boolean {
    const sent = this.#buffer.shift()
    if (sent !== undefined && this.#happened(sent.what) === 'accept') this.accepted.push(sent)
    return sent !== undefined
  }

  settle(): void {
    for (;;) {
      this.answer()
      if (!this.read()) return
    }
  }

  #happened(event: DoubtEvent): Decision['act'] {
    const { next, act } = decide(this.#doubt, event)
    this.#doubt = next
    if (act === 'ping') this.#pings++
    return act
  }
}

const deeds = ['interval', 'standStill', 'answer', 'ask', 'read'] as const

it('nothing is done that was sent before the node stood still, and everything that is sent once all has been answered', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...deeds), { maxLength: 60 }), (story) => {
      const line = new Line()
      for (const deed of story) {
        const before = line.accepted.length
        line[deed]()
        for (const { after } of line.accepted.slice(before)) assert.equal(after, line.stills)
      }
      line.settle()
      const before = line.accepted.length
      line.ask()
      line.settle()
      assert.equal(line.accepted.length, before + 1)
    }),
    { numRuns: 2_000 },
  )
})
