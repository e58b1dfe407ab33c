import assert from 'node:assert/strict'
import { test } from 'node:test'
import { CLIENT_LIMITS as LIMITS } from '@madang/protocol/client-limits'
import { errorBody } from '@madang/protocol/errors'
import fc from 'fast-check'
import { BOUNDS } from './bounds.ts'
import {
  newOpenings,
  type Openings,
  type OpeningsEffect,
  type OpeningsInput,
  stepOpenings,
  wantedChannels,
} from './openings.ts'

const NOW = 1_000_000

class Bench {
  state: Openings = newOpenings
  now = NOW
  effects: OpeningsEffect[] = []

  take(...inputs: OpeningsInput[]): this {
    for (const input of inputs) {
      const [state, effects] = stepOpenings(this.state, input, this.now, 0.5)
      this.state = state
      this.effects.push(...effects)
    }
    return this
  }

  open(...ids: string[]): this {
    return this.take(...ids.map((channelId) => ({ kind: 'open' as const, channelId })))
  }

  close(...ids: string[]): this {
    return this.take(...ids.map((channelId) => ({ kind: 'close' as const, channelId })))
  }

  /** Runs the timer if it is set. */
  due(): OpeningsEffect | undefined {
    this.effects = []
    if (this.state.timerAt !== undefined) {
      this.now = Math.max(this.now, this.state.timerAt)
      this.take({ kind: 'timer' })
    }
    return this.effects[0]
  }

  server(id: string): string | undefined {
    return this.state.channels.get(id)?.server
  }
}

const online = (): Bench => new Bench().take({ kind: 'ready', open: [], replays: [] })

test('nothing is asked while there is no connection, and the handshake says it all', () => {
  const bench = new Bench().open('a', 'b').close('b')
  assert.equal(bench.due(), undefined)
  assert.deepEqual(wantedChannels(bench.state), ['a'])
  bench.take({ kind: 'ready', open: ['a'], replays: [{ channelId: 'a' }] })
  assert.equal(bench.due(), undefined)
  assert.equal(bench.server('a'), 'open')
})

test('a channel with two openers is closed when both have left', () => {
  const bench = online().open('a', 'a')
  bench.due()
  bench.take({ kind: 'answered', replays: [{ channelId: 'a' }] }).close('a')
  assert.equal(bench.due(), undefined)
  bench.close('a')
  assert.deepEqual(bench.due(), { kind: 'sync', open: [], close: ['a'] })
  bench.take({ kind: 'answered', replays: [] })
  assert.equal(bench.state.channels.size, 0)
})

test('one request is on its way at a time, and what has changed meanwhile comes after it', () => {
  const bench = online().open('a')
  bench.due()
  bench.open('b').close('a')
  assert.equal(bench.due(), undefined)
  bench.take({ kind: 'answered', replays: [{ channelId: 'a' }] })
  assert.deepEqual(bench.due(), { kind: 'sync', open: ['b'], close: ['a'] })
})

test('a channel that cannot be opened is not asked for again until it is ours, or the connection is new', () => {
  const error = errorBody('not_found')
  const bench = online().open('a')
  bench.due()
  bench.take({ kind: 'answered', replays: [{ channelId: 'a', error }] })
  assert.equal(bench.due(), undefined)
  assert.equal(bench.server('a'), 'refused')
  bench.take({ kind: 'mine', channelId: 'a' })
  assert.deepEqual(bench.due()?.open, ['a'])
  bench.take({ kind: 'answered', replays: [{ channelId: 'a', error }] }, { kind: 'lost' })
  assert.deepEqual(wantedChannels(bench.state), ['a'])
})

test('a request that is refused for now is repeated when the server says, or with back-off', () => {
  const error = errorBody('rate_limited', { retryAfterMs: 2_000 })
  const bench = online().open('a')
  bench.due()
  bench.take({ kind: 'failed', error })
  assert.ok((bench.state.timerAt ?? 0) >= NOW + 2_000)
  assert.deepEqual(bench.due()?.open, ['a'])
  bench.take({ kind: 'failed' })
  assert.ok((bench.state.timerAt ?? 0) <= bench.now + BOUNDS.requestMsMax)
  assert.deepEqual(bench.due()?.open, ['a'])
})

test('a channel with a hole is opened again, but not while its answer is on its way', () => {
  const bench = online().open('a')
  bench.due()
  bench.take(
    { kind: 'stale', channelIds: ['a'] },
    { kind: 'answered', replays: [{ channelId: 'a' }] },
  )
  assert.equal(bench.due(), undefined)
  bench.take({ kind: 'stale', channelIds: ['a', 'unknown'] })
  assert.deepEqual(bench.due()?.open, ['a'])
  assert.equal(bench.state.channels.has('unknown'), false)
})

test('a channel that is gone is not asked for, whatever is on its way', () => {
  const bench = online().open('a')
  bench.due()
  bench.take({ kind: 'gone', channelId: 'a' }, { kind: 'answered', replays: [{ channelId: 'a' }] })
  assert.equal(bench.server('a'), 'gone')
  assert.equal(bench.due(), undefined)
})

test('more channels than a request may name take several requests', () => {
  const ids = Array.from({ length: LIMITS.syncChannelsMax + 5 }, (_, index) => `c${index}`)
  const bench = online().open(...ids)
  assert.equal(bench.due()?.open.length, LIMITS.syncChannelsMax)
  const replays = ids.slice(0, LIMITS.syncChannelsMax).map((channelId) => ({ channelId }))
  bench.take({ kind: 'answered', replays })
  assert.equal(bench.due()?.open.length, 5)
  assert.equal(wantedChannels(bench.state).length, LIMITS.syncChannelsMax)
})

test('in the end the server has open what somebody looks at, and nothing else', () => {
  const id = fc.constantFrom('a', 'b', 'c')
  const input: fc.Arbitrary<OpeningsInput | 'due' | 'answer' | 'fail'> = fc.oneof(
    fc.record({ kind: fc.constantFrom('open' as const, 'close' as const), channelId: id }),
    fc.constantFrom('due' as const, 'answer' as const, 'fail' as const),
    fc.record({ kind: fc.constant('stale' as const), channelIds: fc.array(id, { maxLength: 2 }) }),
    fc.constant({ kind: 'lost' as const }),
  )
  fc.assert(
    fc.property(fc.array(input, { maxLength: 60 }), (inputs) => {
      const bench = online()
      const isOpen = new Set<string>()
      const wanted = new Map<string, number>()
      let asked: OpeningsEffect | undefined
      const answer = (): void => {
        if (!asked) return
        for (const one of asked.open) isOpen.add(one)
        for (const one of asked.close) isOpen.delete(one)
        const replays = asked.open.map((channelId) => ({ channelId }))
        asked = undefined
        bench.take({ kind: 'answered', replays })
      }
      const reconnect = (): void => {
        isOpen.clear()
        for (const one of wantedChannels(bench.state)) isOpen.add(one)
        bench.take({ kind: 'ready', open: [...isOpen], replays: [] })
      }
      for (const one of inputs) {
        if (one === 'due') asked = bench.due() ?? asked
        else if (one === 'answer') answer()
        else if (one === 'fail') {
          if (asked) bench.take({ kind: 'failed' })
          asked = undefined
        } else if (one.kind === 'lost') {
          bench.take(one)
          asked = undefined
          reconnect()
        } else {
          const before = wanted.get('channelId' in one ? one.channelId : '') ?? 0
          if (one.kind === 'open') wanted.set(one.channelId, before + 1)
          if (one.kind === 'close') wanted.set(one.channelId, Math.max(0, before - 1))
          bench.take(one)
        }
      }
      for (let round = 0; round < 10; round += 1) {
        answer()
        asked = bench.due()
      }
      const expected = [...wanted].filter(([, openers]) => openers > 0).map(([one]) => one)
      assert.deepEqual([...isOpen].sort(), expected.sort())
      assert.equal(bench.state.timerAt, undefined)
    }),
  )
})

test('what could not be opened with the handshake is asked for again, unless it never will be', () => {
  const later = { channelId: 'a', error: errorBody('busy') }
  const never = { channelId: 'b', error: errorBody('not_member') }
  const bench = new Bench().open('a', 'b')
  bench.take({ kind: 'ready', open: [], replays: [later, never] })
  assert.deepEqual([bench.server('a'), bench.server('b')], ['closed', 'refused'])
  assert.deepEqual(bench.due(), { kind: 'sync', open: ['a'], close: [] })
  assert.ok(bench.now > NOW)
})

test('a join that could not open the channel leaves it to be opened', () => {
  const bench = online().open('a')
  bench.take({ kind: 'joined', channelId: 'a', error: errorBody('unavailable') })
  assert.equal(bench.server('a'), 'closed')
  assert.deepEqual(bench.due(), { kind: 'sync', open: ['a'], close: [] })
  bench.take({ kind: 'joined', channelId: 'a' })
  assert.equal(bench.server('a'), 'open')
})

test('a channel that was opened again while its closing got no answer is asked for again', () => {
  const bench = online().open('a')
  bench.due()
  bench.take({ kind: 'answered', replays: [{ channelId: 'a' }] }).close('a')
  assert.deepEqual(bench.due(), { kind: 'sync', open: [], close: ['a'] })
  bench.open('a').take({ kind: 'failed' })
  assert.deepEqual(bench.due(), { kind: 'sync', open: ['a'], close: [] })
})
