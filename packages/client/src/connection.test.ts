import assert from 'node:assert/strict'
import { test } from 'node:test'
import { errorBody } from '@madang/protocol/errors'
import fc from 'fast-check'
import { BOUNDS } from './bounds.ts'
import {
  type Connection,
  type ConnectionEffect,
  type ConnectionInput,
  type ConnectionState,
  isLive,
  newConnection,
  stepConnection,
} from './connection.ts'
import { INPUTS, type InputName, TABLE } from './testing/connection.table.ts'

const NOW = 1_000_000

function run(state: Connection, ...inputs: ConnectionInput[]): Connection {
  return inputs.reduce((at, input) => stepConnection(at, input, NOW, 0.5)[0], state)
}

/** The moment to move has come. */
function moved(state: Connection): Connection {
  return stepConnection(state, INPUTS.timer, state.timerAt ?? NOW, 0.5)[0]
}

const SAMPLES: Record<ConnectionState, Connection> = {
  idle: newConnection,
  connecting: run(newConnection, INPUTS.start),
  online: run(newConnection, INPUTS.start, INPUTS.ready),
  moving: moved(run(newConnection, INPUTS.start, INPUTS.ready, INPUTS.goaway)),
  waiting: run(newConnection, INPUTS.start, INPUTS.closed),
  offline: run(newConnection, INPUTS.start, INPUTS.browserOffline),
  refused: run(newConnection, INPUTS.start, INPUTS.refusedNever),
  stopped: run(newConnection, INPUTS.start, INPUTS.stop),
}

for (const [status, row] of Object.entries(TABLE) as [
  ConnectionState,
  (typeof TABLE)[ConnectionState],
][]) {
  for (const [name, expected] of Object.entries(row) as [InputName, (typeof row)[InputName]][]) {
    test(`${status} with ${name} is ${expected.to} and does [${expected.effects}]`, () => {
      assert.equal(SAMPLES[status].status, status)
      const [after, effects] = stepConnection(SAMPLES[status], INPUTS[name], NOW, 0.5)
      assert.equal(after.status, expected.to)
      assert.deepEqual(
        effects.map((effect) => effect.kind),
        expected.effects,
      )
      assert.equal(after.timerAt !== undefined, expected.timer)
    })
  }
}

test('the wait between tries doubles up to its bound, with full jitter', () => {
  let state = SAMPLES.connecting
  const caps: number[] = []
  for (let attempt = 0; attempt < 8; attempt += 1) {
    const least = stepConnection(state, INPUTS.closed, NOW, 0)[0]
    const most = stepConnection(state, INPUTS.closed, NOW, 0.999999)[0]
    assert.equal(least.timerAt, NOW)
    caps.push(Math.round(((most.timerAt ?? 0) - NOW) / 100) * 100)
    state = run(most, INPUTS.timer)
  }
  assert.deepEqual(caps, [1_000, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000])
})

test('the first try to come back is as early as the server says, and the next ones are not', () => {
  const later = NOW + BOUNDS.onlineStableMsMin
  const told = { node: 'n1', spreadMs: 40 } as const
  const moving = run(SAMPLES.moving, { kind: 'nextReady', ...told })
  for (const served of [run(SAMPLES.connecting, { kind: 'ready', ...told }), moving]) {
    const [early] = stepConnection(served, INPUTS.closed, later, 0.999999)
    assert.equal(early.timerAt, later + 39)
    const [again] = stepConnection(run(early, INPUTS.timer), INPUTS.closed, later, 0.999999)
    assert.equal(again.timerAt, later + BOUNDS.reconnectMsBase - 1)
    // Dropped at once, again and again: what the server says does not make a tight loop of it.
    const dropped = run(early, INPUTS.timer, { kind: 'ready', ...told })
    const [fell] = stepConnection(dropped, INPUTS.closed, NOW + 10, 0.999999)
    assert.equal(fell.timerAt, NOW + 10 + BOUNDS.reconnectMsBase - 1)
  }
  const elsewhere = run(SAMPLES.connecting, { kind: 'ready', ...told }, INPUTS.closed, INPUTS.timer)
  const [silent] = stepConnection(run(elsewhere, INPUTS.ready), INPUTS.closed, later, 0.999999)
  assert.equal(silent.timerAt, later + BOUNDS.reconnectMsBase - 1, 'an older server says nothing')
})

test('a connection that held starts the back-off anew, one that fell at once does not', () => {
  const flapping = run(
    newConnection,
    INPUTS.start,
    INPUTS.closed,
    INPUTS.timer,
    INPUTS.closed,
    INPUTS.timer,
    INPUTS.ready,
  )
  const [fell] = stepConnection(flapping, INPUTS.closed, NOW + 10, 0.5)
  assert.equal(fell.attempts, 3)
  const [held] = stepConnection(flapping, INPUTS.closed, NOW + BOUNDS.onlineStableMsMin, 0.5)
  assert.equal(held.attempts, 1)
})

test('retryAfterMs is respected, even when the browser comes back online before', () => {
  const told = run(SAMPLES.connecting, INPUTS.refusedLater)
  assert.ok((told.timerAt ?? 0) >= NOW + 2_000)
  assert.equal(run(told, INPUTS.browserOnline).status, 'waiting')
  const back = run(told, INPUTS.browserOffline, INPUTS.browserOnline)
  assert.equal(back.status, 'waiting')
  assert.equal(back.timerAt, told.timerAt)
  assert.equal(run(told, INPUTS.reconnect).status, 'connecting')
})

test('a server that says "now" again and again is asked with back-off', () => {
  const once = stepConnection(SAMPLES.connecting, INPUTS.refusedNow, NOW, 0.5)
  assert.equal(once[0].status, 'connecting')
  const twice = stepConnection(once[0], INPUTS.refusedNow, NOW, 0.5)
  assert.equal(twice[0].status, 'waiting')
  assert.deepEqual(twice[1], [{ kind: 'disconnect' }])
})

const kindsOf = (effects: readonly ConnectionEffect[]): string[] =>
  effects.map((effect) => effect.kind)

test('goaway moves at a random moment of the first half of the window, and a second one does not put it off', () => {
  const [leaving] = stepConnection(SAMPLES.online, INPUTS.goaway, NOW, 0.5)
  assert.equal(leaving.status, 'online')
  assert.equal(leaving.timerAt, NOW + 2_000)
  const [again] = stepConnection(leaving, INPUTS.goaway, NOW + 1_000, 0.9)
  assert.equal(again.timerAt, NOW + 2_000)
  const [moving, effects] = stepConnection(again, INPUTS.timer, NOW + 2_000, 0.5)
  assert.equal(moving.status, 'moving')
  assert.deepEqual(kindsOf(effects), ['prepare'])
})

test('a move that fails keeps the present transport, and is tried again with back-off', () => {
  const caps: number[] = []
  let state = SAMPLES.moving
  for (let round = 0; round < 7; round += 1) {
    const at = state.timerAt ?? 0
    const [stayed, effects] = stepConnection(state, INPUTS.nextFailed, at, 0.999999)
    assert.deepEqual(effects, [])
    caps.push(Math.round(((stayed.moveAt ?? 0) - at) / 100) * 100)
    let next = stayed
    while (next.status === 'online') next = moved(next)
    state = next
  }
  assert.deepEqual(caps, [1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000])
})

test('a server that will not have us elsewhere is heard where it counts', () => {
  const [stayed] = stepConnection(SAMPLES.moving, INPUTS.nextRefused, NOW, 0.5)
  assert.equal(stayed.moveAt, undefined)
  assert.equal(stayed.error, undefined)
})

test('a timer that comes much too late asks the server for a sign of life', () => {
  const due = SAMPLES.online.timerAt ?? 0
  const onTime = stepConnection(SAMPLES.online, INPUTS.timer, due, 0.5)
  assert.deepEqual(onTime[1], [])
  assert.equal(onTime[0].timerAt, due + BOUNDS.wakeCheckMs)
  const [awake, effects] = stepConnection(SAMPLES.online, INPUTS.timer, due + 3_600_000, 0.5)
  assert.deepEqual(kindsOf(effects), ['probe'])
  const [replaced, then] = stepConnection(awake, INPUTS.silent, due + 3_601_000, 0.5)
  assert.equal(replaced.status, 'connecting')
  assert.deepEqual(kindsOf(then), ['disconnect', 'connect'])
})

test('whoever slept in the middle of a handshake begins it anew, and blames no proxy', () => {
  const due = SAMPLES.connecting.timerAt ?? 0
  const [awake, effects] = stepConnection(SAMPLES.connecting, INPUTS.timer, due + 3_600_000, 0.5)
  assert.equal(awake.attempts, 0)
  assert.deepEqual(effects, [{ kind: 'disconnect' }, { kind: 'connect', pollingFirst: false }])
})

test('a transport that swallows websockets is tried with polling first from then on', () => {
  const hung = run(SAMPLES.connecting, INPUTS.timer)
  const [, effects] = stepConnection(hung, INPUTS.timer, NOW, 0.5)
  assert.deepEqual(effects, [{ kind: 'connect', pollingFirst: true }])
})

test('failures while the browser is offline lead to offline, and it still looks for itself', () => {
  const probing = run(SAMPLES.offline, INPUTS.timer, INPUTS.closed)
  assert.equal(probing.status, 'offline')
  assert.equal(probing.timerAt, NOW + BOUNDS.offlineProbeMs)
})

test('a refusal keeps its row for people to read, until there is another try', () => {
  assert.deepEqual(SAMPLES.refused.error, errorBody('banned'))
  assert.equal(run(SAMPLES.refused, INPUTS.reconnect).error, undefined)
})

test('in any run there is one transport while connecting or online, a second only while moving, and else none', () => {
  const names = Object.keys(INPUTS) as InputName[]
  const reached = new Set<ConnectionState>()
  const random = fc.double({ min: 0, max: 0.99, noNaN: true })
  const likely = fc.constantFrom<InputName>('start', 'ready', 'goaway', 'timer')
  const name = fc.oneof(likely, fc.constantFrom(...names))
  const step = fc.tuple(name, fc.nat(20_000), random)
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60, size: 'max' }), (steps) => {
      let state = newConnection
      let now = NOW
      let present = false
      let next = false
      for (const [name, elapsedMs, chance] of steps) {
        now += elapsedMs
        const { kind } = INPUTS[name]
        // What a transport says is heard only while there is one, and its own end ends it.
        const isOfPresent = ['ready', 'refused', 'told', 'closed', 'goaway', 'silent'].includes(
          kind,
        )
        if (isOfPresent && !present) continue
        if (kind.startsWith('next') && !next) continue
        if (kind === 'closed') present = false
        if (kind === 'nextFailed') next = false
        let effects: readonly ConnectionEffect[]
        ;[state, effects] = stepConnection(state, INPUTS[name], now, chance)
        for (const effect of effects) {
          if (effect.kind === 'connect') assert.ok(!present, 'one present transport at a time')
          if (effect.kind === 'prepare') assert.ok(present && !next, 'one beside the present one')
          if (effect.kind === 'adopt') assert.ok(next, 'there is one to adopt')
          if (effect.kind === 'probe') assert.ok(present, 'there is one to ask')
          if (effect.kind === 'connect' || effect.kind === 'adopt') present = true
          if (effect.kind === 'prepare') next = true
          if (effect.kind === 'adopt' || effect.kind === 'abandon') next = false
          if (effect.kind === 'disconnect') present = next = false
        }
        reached.add(state.status)
        assert.equal(present, isLive(state) || state.status === 'connecting')
        assert.equal(next, state.status === 'moving')
      }
    }),
    { numRuns: 1_000 },
  )
  assert.deepEqual([...reached].sort(), Object.keys(TABLE).sort())
})
