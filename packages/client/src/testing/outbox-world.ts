/** A page with an outbox, its storage, a network that loses and delays, and a server: everything that can come between. */
import assert from 'node:assert/strict'
import type { CreatedEvent, ErrorBody } from '@madang/protocol'
import { errorBody } from '@madang/protocol/errors'
import fc from 'fast-check'
import { BOUNDS } from '../bounds.ts'
import {
  type Draft,
  entriesOf,
  newOutbox,
  type Outbox,
  type OutboxEffect,
  type OutboxInput,
  type SendAnswer,
  stepOutbox,
} from '../outbox.ts'
import { author, ModelLog } from './model-log.ts'

const ME = author(0)
const NOW = 1_000_000

const refused = (error: ErrorBody): SendAnswer => ({ outcome: 'refused', error })

/** What may happen between a page, its storage, a network that loses and delays, and a server. */
export type Move =
  | { readonly do: 'send'; readonly channel: number; readonly bad: boolean }
  | { readonly do: 'save' | 'lose' | 'connect' | 'reload' | 'see' | 'give up waiting' }
  /** A request reaches the server, in order within its connection, and is answered so. */
  | { readonly do: 'serve'; readonly pick: number; readonly as: 'store' | 'later' | 'now' }
  /** An answer reaches the page, or is repeated. */
  | { readonly do: 'answer'; readonly pick: number; readonly again: boolean }
  | { readonly do: 'wait'; readonly ms: number }
  | { readonly do: 'retry' | 'discard'; readonly pick: number }

const pick = fc.nat(20)
export const move: fc.Arbitrary<Move> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('send'),
      channel: fc.nat(1),
      bad: fc.nat(7).map((n) => n === 0),
    }),
  },
  { weight: 5, arbitrary: fc.record({ do: fc.constantFrom('save', 'save', 'connect', 'see') }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constantFrom('lose', 'lose', 'give up waiting', 'reload') }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('serve'),
      pick,
      as: fc.constantFrom('store', 'store', 'store', 'later', 'now'),
    }),
  },
  { weight: 6, arbitrary: fc.record({ do: fc.constant('answer'), pick, again: fc.boolean() }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('wait'), ms: fc.nat(4_000) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom('retry', 'discard'), pick }) },
) as fc.Arbitrary<Move>

interface Request {
  readonly draft: Draft
  readonly attempt: number
  /** Requests of one connection stay in order; those of an earlier one may come late. */
  readonly connection: number
}

interface Reply extends Request {
  readonly answer: SendAnswer
}

export class World {
  state: Outbox = newOutbox
  now = NOW
  readonly logs = [new ModelLog('a'), new ModelLog('b')]
  /** What was meant to be sent and may not get lost, in the order of sending. */
  meant: Draft[] = []
  stored: readonly Draft[] = []
  saves: (OutboxEffect & { kind: 'save' })[] = []
  requests: Request[] = []
  replies: Reply[] = []
  readonly emitted = new Set<string>()
  connection = 0
  readonly met = { repeats: 0, reloads: 0, duplicates: 0, refusals: 0 }

  constructor() {
    this.take({ kind: 'restored', drafts: [] })
  }

  take(input: OutboxInput): void {
    const [state, effects] = stepOutbox(this.state, input, this.now, 0.5)
    this.state = state
    for (const effect of effects) {
      if (effect.kind === 'save') this.saves.push(effect)
      if (effect.kind === 'emit') this.emit(effect.draft, effect.attempt)
    }
    for (const log of this.logs) {
      const flying = entriesOf(state, log.channelId).filter((one) => one.state === 'inFlight')
      assert.ok(flying.length <= 1, 'one message per channel is in flight')
    }
  }

  emit(message: Draft, attempt: number): void {
    const isKept = this.stored.some((one) => one.clientId === message.clientId)
    assert.ok(isKept, 'what is emitted is in storage')
    if (this.emitted.has(message.clientId)) this.met.repeats += 1
    this.emitted.add(message.clientId)
    this.requests.push({ draft: message, attempt, connection: this.connection })
  }

  make(next: Move): void {
    const failed = this.state.entries.filter((one) => one.state === 'failed')
    switch (next.do) {
      case 'send': {
        const count = this.meant.length + this.emitted.size + this.now
        const clientId = `m${count}-${this.meant.length}`
        const text = next.bad ? `bad ${clientId}` : clientId
        const channelId = next.channel === 0 ? 'a' : 'b'
        const message: Draft = { clientId, channelId, text, createdAt: this.now }
        this.now += 1
        this.meant.push(message)
        this.take({ kind: 'send', draft: message })
        break
      }
      case 'save': {
        const save = this.saves.shift()
        if (!save) break
        this.stored = save.drafts
        this.take({ kind: 'saved', revision: save.revision })
        break
      }
      case 'connect':
        if (!this.state.online) this.connection += 1
        this.take({ kind: 'online' })
        break
      case 'lose':
        this.replies = []
        this.take({ kind: 'lost' })
        break
      case 'reload':
        this.reload()
        break
      case 'see':
        this.take({ kind: 'seen', clientIds: new Set(this.logged().map((one) => one.clientId)) })
        break
      case 'serve':
        this.serve(next.pick, next.as)
        break
      case 'answer':
        this.answer(next.pick, next.again)
        break
      case 'give up waiting': {
        const request = this.requests.find((one) => one.connection === this.connection)
        if (request) this.tell({ ...request, answer: { outcome: 'unknown' } })
        break
      }
      case 'wait':
        this.now += next.ms
        this.take({ kind: 'timer' })
        break
      case 'retry':
      case 'discard': {
        const one = failed[next.pick % Math.max(1, failed.length)]
        if (one) this.take({ kind: next.do, clientId: one.draft.clientId })
        break
      }
    }
  }

  /** The page is gone with all that it knew; what it had not saved yet was never emitted. */
  reload(): void {
    const kept = new Set(this.stored.map((one) => one.clientId))
    const logged = new Set(this.logged().map((one) => one.clientId))
    const survives = (one: Draft): boolean =>
      kept.has(one.clientId) || logged.has(one.clientId) || this.emitted.has(one.clientId)
    this.meant = this.meant.filter(survives)
    this.saves = []
    this.replies = []
    this.connection += 1
    this.state = newOutbox
    this.take({ kind: 'restored', drafts: this.stored })
    this.met.reloads += 1
  }

  serve(at: number, as: 'store' | 'later' | 'now'): void {
    const connections = [...new Set(this.requests.map((one) => one.connection))]
    const connection = connections[at % Math.max(1, connections.length)]
    const request = this.requests.find((one) => one.connection === connection)
    if (!request) return
    this.requests = this.requests.filter((one) => one !== request)
    const reply = { ...request, answer: this.decide(request.draft, as) }
    if (connection === this.connection && this.state.online) this.replies.push(reply)
  }

  decide({ clientId, channelId, text }: Draft, as: 'store' | 'later' | 'now'): SendAnswer {
    const first = this.logged().find((one) => one.clientId === clientId)
    if (first) this.met.duplicates += 1
    if (!first && text.startsWith('bad')) return refused(errorBody('invalid'))
    if (!first && as !== 'store') {
      this.met.refusals += 1
      return refused(errorBody(as === 'now' ? 'draining' : 'unavailable'))
    }
    const log = this.logs.find((one) => one.channelId === channelId)
    const event = first ?? log?.send({ clientId, by: ME, text })
    assert.ok(event)
    return { outcome: 'sent', id: event.id, seq: event.seq, createdAt: event.createdAt }
  }

  answer(at: number, again: boolean): void {
    const reply = this.replies[at % Math.max(1, this.replies.length)]
    if (!reply) return
    if (!again) this.replies = this.replies.filter((one) => one !== reply)
    this.tell(reply)
  }

  tell({ draft: { clientId }, attempt, answer }: Reply): void {
    this.take({ kind: 'answered', clientId, attempt, answer })
  }

  logged(): readonly CreatedEvent[] {
    return this.logs.flatMap((log) => log.messages())
  }

  /** The network and the server come to their senses. */
  settle(): void {
    for (let round = 0; round < 400; round += 1) {
      if (this.state.entries.every((one) => one.state === 'failed') && this.saves.length === 0)
        return
      this.make({ do: 'connect' })
      while (this.saves.length > 0) this.make({ do: 'save' })
      while (this.requests.length > 0) this.serve(0, 'store')
      while (this.replies.length > 0) this.answer(0, false)
      this.make({ do: 'wait', ms: BOUNDS.requestMsMax })
    }
    assert.fail('some outcome stays unknown')
  }
}
