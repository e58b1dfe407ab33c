import assert from 'node:assert/strict'
import { test } from 'node:test'
import { errorBody } from '@madang/protocol/errors'
import fc from 'fast-check'
import { BOUNDS } from './bounds.ts'
import {
  type Connection,
  type ConnectionEffect,
  type ConnectionInput,
  newConnection,
  stepConnection,
} from './connection.ts'
import { INPUTS, type InputName, TABLE } from './testing/connection.table.ts'
import type { ConnectionStatus } from './types.ts'

const NOW = 1_000_000

function run(state: Connection, ...inputs: ConnectionInput[]): Connection {
  return inputs.reduce((at, input) => stepConnection(at, input, NOW, 0.5)[0], state)
}

const SAMPLES: Record<ConnectionStatus, Connection> = {
  idle: newConnection,
  connecting: run(newConnection, INPUTS.start),
  online: run(newConnection, INPUTS.start, INPUTS.ready),
  waiting: run(newConnection, INPUTS.start, INPUTS.closed),
  offline: run(newConnection, INPUTS.start, INPUTS.browserOffline),
  refused: run(newConnection, INPUTS.start, INPUTS.refusedNever),
  stopped: run(newConnection, INPUTS.start, INPUTS.stop),
}

for (const [status, row] of Object.entries(TABLE) as [
  ConnectionStatus,
  (typeof TABLE)[ConnectionStatus],
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
  assert.deepEqual(caps, [1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000])
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

test('goaway moves at a random moment of the window, and a second one does not put it off', () => {
  const [leaving] = stepConnection(SAMPLES.online, INPUTS.goaway, NOW, 0.25)
  assert.equal(leaving.status, 'online')
  assert.equal(leaving.timerAt, NOW + 2_000)
  const [again] = stepConnection(leaving, INPUTS.goaway, NOW + 1_000, 0.9)
  assert.equal(again.timerAt, NOW + 2_000)
  const [moved, effects] = stepConnection(again, INPUTS.timer, NOW + 2_000, 0.5)
  assert.equal(moved.status, 'connecting')
  assert.deepEqual(
    effects.map((effect) => effect.kind),
    ['disconnect', 'connect'],
  )
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

test('in any run there is at most one transport, and one exactly while connecting or online', () => {
  const names = Object.keys(INPUTS) as InputName[]
  fc.assert(
    fc.property(
      fc.array(
        fc.tuple(
          fc.constantFrom(...names),
          fc.nat(20_000),
          fc.double({ min: 0, max: 0.99, noNaN: true }),
        ),
      ),
      (steps) => {
        let state = newConnection
        let now = NOW
        let open = 0
        for (const [name, elapsedMs, random] of steps) {
          now += elapsedMs
          const input = INPUTS[name]
          const had = state.status === 'connecting' || state.status === 'online'
          // What a transport says is heard only while there is one, and its own end ends it.
          if (!had && ['ready', 'refused', 'told', 'closed', 'goaway'].includes(input.kind))
            continue
          let effects: readonly ConnectionEffect[]
          ;[state, effects] = stepConnection(state, input, now, random)
          if (input.kind === 'closed') open -= 1
          for (const effect of effects) open += effect.kind === 'connect' ? 1 : -1
          const has = state.status === 'connecting' || state.status === 'online'
          assert.equal(open, has ? 1 : 0)
        }
      },
    ),
  )
})
