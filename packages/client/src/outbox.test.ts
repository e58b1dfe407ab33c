import assert from 'node:assert/strict'
import { test } from 'node:test'
import { errorBody } from '@madang/protocol/errors'
import { BOUNDS } from './bounds.ts'
import {
  changedChannels,
  type Draft,
  entriesOf,
  newOutbox,
  type Outbox,
  type OutboxEffect,
  type OutboxInput,
  type SendAnswer,
  stepOutbox,
} from './outbox.ts'

const NOW = 1_000_000
const SENT: SendAnswer = { outcome: 'sent', id: 'id', seq: 1, createdAt: NOW }

const draft = (clientId: string, channelId = 'a', text = clientId): Draft => ({
  clientId,
  channelId,
  text,
  createdAt: NOW,
})

/** Drives an outbox by hand; saves are done at once unless `saves` is false. */
class Bench {
  state: Outbox = newOutbox
  now = NOW
  readonly effects: OutboxEffect[] = []
  readonly #saves: boolean

  constructor(saves = true) {
    this.#saves = saves
  }

  take(...inputs: OutboxInput[]): this {
    for (const input of inputs) {
      const [state, effects] = stepOutbox(this.state, input, this.now, 0.5)
      this.state = state
      this.effects.push(...effects)
      const save = effects.find((effect) => effect.kind === 'save')
      if (save && this.#saves) this.take({ kind: 'saved', revision: save.revision })
    }
    return this
  }

  send(...drafts: Draft[]): this {
    return this.take(...drafts.map((one) => ({ kind: 'send' as const, draft: one })))
  }

  answer(clientId: string, answer: SendAnswer, attempt = 1): this {
    return this.take({ kind: 'answered', clientId, attempt, answer })
  }

  after(ms: number): this {
    this.now += ms
    return this.take({ kind: 'timer' })
  }

  emitted(): string[] {
    return this.effects.filter((one) => one.kind === 'emit').map((one) => one.draft.clientId)
  }

  states(): string[] {
    return this.state.entries.map((one) => `${one.draft.clientId} ${one.state}`)
  }
}

const ready = (): Bench => new Bench().take({ kind: 'restored', drafts: [] }, { kind: 'online' })
const refused = (error: ReturnType<typeof errorBody>): SendAnswer => ({ outcome: 'refused', error })

test('nothing is emitted before it is saved', () => {
  const bench = new Bench(false).take({ kind: 'restored', drafts: [] }, { kind: 'online' })
  bench.send(draft('m1'))
  assert.deepEqual(bench.emitted(), [])
  bench.take({ kind: 'saved', revision: 1 })
  assert.deepEqual(bench.emitted(), ['m1'])
})

test('one message per channel is in flight, channels do not wait for each other', () => {
  const bench = ready().send(draft('a1'), draft('a2'), draft('b1', 'b'))
  assert.deepEqual(bench.emitted(), ['a1', 'b1'])
  bench.answer('a1', SENT)
  assert.deepEqual(bench.emitted(), ['a1', 'b1', 'a2'])
})

test('a message that is refused for good fails with its error, and the next one goes on', () => {
  const bench = ready()
    .send(draft('m1'), draft('m2'))
    .answer('m1', refused(errorBody('forbidden')))
  assert.deepEqual(bench.states(), ['m1 failed', 'm2 inFlight'])
  assert.equal(bench.state.entries[0]?.draft.error?.code, 'forbidden')
})

test('"later" waits as long as the server says, and the next message waits behind it', () => {
  const error = errorBody('rate_limited', { retryAfterMs: 3_000 })
  const bench = ready().send(draft('m1'), draft('m2')).answer('m1', refused(error))
  assert.deepEqual(bench.states(), ['m1 queued', 'm2 queued'])
  assert.ok((bench.state.timerAt ?? 0) >= NOW + 3_000)
  bench.after(2_999)
  bench.take({ kind: 'lost' }, { kind: 'online' })
  assert.deepEqual(bench.emitted(), ['m1'])
  bench.after(1_001)
  assert.deepEqual(bench.emitted(), ['m1', 'm1'])
})

test('"now" is emitted again at once, and then with back-off', () => {
  const bench = ready()
    .send(draft('m1'))
    .answer('m1', refused(errorBody('draining')))
  assert.deepEqual(bench.emitted(), ['m1', 'm1'])
  bench.answer('m1', refused(errorBody('draining')), 2)
  assert.deepEqual(bench.states(), ['m1 queued'])
})

test('a message without an answer is emitted again under the same client id on the next connection', () => {
  const bench = ready().send(draft('m1')).answer('m1', { outcome: 'unknown' })
  assert.deepEqual(bench.states(), ['m1 queued'])
  bench.take({ kind: 'lost' }, { kind: 'online' })
  assert.deepEqual(bench.emitted(), ['m1', 'm1'])
})

test('a message without an answer is emitted again on a connection that lives on, too', () => {
  const bench = ready()
    .send(draft('m1'))
    .answer('m1', { outcome: 'unknown' })
    .after(BOUNDS.requestMsMax)
  assert.deepEqual(bench.emitted(), ['m1', 'm1'])
})

test('a late refusal of an earlier emit does not touch the present one, a late receipt ends it', () => {
  const bench = ready().send(draft('m1')).take({ kind: 'lost' }, { kind: 'online' })
  bench.answer('m1', refused(errorBody('forbidden')), 1)
  assert.deepEqual(bench.states(), ['m1 inFlight'])
  bench.answer('m1', SENT, 1)
  assert.deepEqual(bench.states(), [])
})

test('a message that was read from the log is sent, in whatever state it is', () => {
  const bench = ready().send(draft('m1'), draft('m2'), draft('m3', 'b'))
  bench.answer('m3', refused(errorBody('banned')))
  bench.take({ kind: 'seen', clientIds: new Set(['m1', 'm2', 'm3']) })
  assert.deepEqual(bench.states(), [])
})

test('what storage holds goes before what was sent since, and nothing is written over it before', () => {
  const bench = new Bench().take({ kind: 'online' }).send(draft('new'))
  assert.equal(bench.effects.length, 0)
  bench.take({ kind: 'restored', drafts: [draft('old')] })
  const [save] = bench.effects
  assert.deepEqual(save?.kind === 'save' && save.drafts.map((one) => one.clientId), ['old', 'new'])
  assert.deepEqual(bench.emitted(), ['old'])
})

test('a failed message survives a reload as failed', () => {
  const error = errorBody('forbidden')
  const bench = new Bench().take({ kind: 'restored', drafts: [{ ...draft('m1'), error }] })
  assert.deepEqual(bench.states(), ['m1 failed'])
  assert.deepEqual(bench.effects, [])
})

test('a failed message that is tried again goes to the end, one that is discarded is gone', () => {
  const bench = ready()
    .send(draft('m1'), draft('m2'))
    .answer('m1', refused(errorBody('forbidden')))
  bench.take({ kind: 'retry', clientId: 'm1' })
  assert.deepEqual(bench.states(), ['m2 inFlight', 'm1 queued'])
  bench.take({ kind: 'discard', clientId: 'm1' })
  assert.deepEqual(
    bench.states(),
    ['m2 inFlight', 'm1 queued'],
    'only what failed can be discarded',
  )
  bench.answer('m2', refused(errorBody('forbidden')))
  bench.take({ kind: 'discard', clientId: 'm2' })
  assert.deepEqual(bench.states(), ['m1 inFlight'])
})

test('what no server would take fails at once, and is never emitted', () => {
  const bench = ready().send(draft('m1', 'a', '   '), draft('m2', 'a', 'x'.repeat(70_000)))
  assert.deepEqual(bench.states(), ['m1 failed', 'm2 failed'])
  assert.deepEqual(bench.emitted(), [])
})

test('past its bound the outbox refuses with limit_reached, and keeps no more failed ones than that', () => {
  const bench = new Bench().take({ kind: 'restored', drafts: [] })
  for (let index = 0; index < BOUNDS.outboxEntriesMax; index += 1) bench.send(draft(`m${index}`))
  bench.send(draft('one more'))
  const last = bench.state.entries.at(-1)
  assert.equal(last?.state, 'failed')
  assert.equal(last.draft.error?.limit, 'outboxEntriesMax')
})

test('another person sends nothing of what the one before left', () => {
  const bench = ready().take({ kind: 'lost' }).send(draft('m1')).take({ kind: 'switched' })
  bench.take({ kind: 'restored', drafts: [] }, { kind: 'online' })
  assert.deepEqual(bench.emitted(), [])
})

test('the channels whose entries change are told, others are not', () => {
  const before = ready().send(draft('a1'), draft('b1', 'b')).state
  const [after] = stepOutbox(
    before,
    { kind: 'answered', clientId: 'a1', attempt: 1, answer: SENT },
    NOW,
    0.5,
  )
  assert.deepEqual([...changedChannels(before, after)], ['a'])
  assert.deepEqual(entriesOf(after, 'a'), [])
})
