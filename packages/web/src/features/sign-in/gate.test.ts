import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Client, ErrorBody, SessionView } from '@madang/client'
import type { Rest } from '../../rest.ts'
import { createValue } from '../../value.ts'
import { createGate, judge } from './gate.ts'

const PERSON = { id: '1', name: 'Mina', kind: 'guest' } as const
const OUTSIDE: ErrorBody = { code: 'unauthenticated', text: '', retry: 'never' }
const DOWN: ErrorBody = { code: 'unavailable', text: '', retry: 'later' }

const EMPTY: SessionView = {
  connection: { status: 'online' },
  person: undefined,
  communities: [],
  channels: [],
  presence: new Map(),
}

function gateThatHears(...answers: readonly (ErrorBody | typeof PERSON)[]) {
  const log: string[] = []
  const left = [...answers]
  const rest = {
    call: (name: string) => {
      log.push(name)
      const answer = left.shift() ?? PERSON
      return Promise.resolve(
        'code' in answer ? { ok: false, error: answer } : { ok: true, person: answer },
      )
    },
  }
  const session = createValue<SessionView>(EMPTY)
  const client = {
    session,
    start: () => log.push('start'),
    stop: () => Promise.resolve(log.push('stop')),
    forget: () => Promise.resolve(log.push('client forgets')),
  }
  const gate = createGate({
    // Only what the gate uses of them.
    rest: rest as unknown as Rest,
    connect: () => client as unknown as Client,
    forget: () => log.push('forget'),
    wait: () => Promise.resolve(),
  })
  return { gate, log, session }
}

test('only a clear no sends a person to the door', () => {
  assert.equal(judge({ ok: true }), 'inside')
  assert.equal(judge({ ok: false, error: OUTSIDE }), 'outside')
  assert.equal(judge({ ok: false, error: DOWN }), 'ask again')
})

test('a server that is down is asked until it answers', async () => {
  const { gate, log } = gateThatHears(DOWN, DOWN, PERSON)
  const seen: unknown[] = []
  gate.subscribe(() => seen.push(gate.snapshot().at))
  await gate.start()
  assert.equal(gate.snapshot().at, 'inside')
  assert.deepEqual(log, ['getSession', 'getSession', 'getSession', 'start'])
  assert.deepEqual(seen, ['asking', 'asking', 'inside'])
})

test('who has no session stands outside', async () => {
  const { gate, log } = gateThatHears(OUTSIDE)
  await gate.start()
  assert.deepEqual(gate.snapshot(), { at: 'outside' })
  assert.deepEqual(log, ['getSession'])
})

test('a session that ends while connected leads to the door, with the reason', async () => {
  const { gate, log, session } = gateThatHears(PERSON)
  await gate.start()
  const error: ErrorBody = { code: 'session_expired', text: '', retry: 'never' }
  session.set({ ...EMPTY, connection: { status: 'refused', error } })
  assert.deepEqual(gate.snapshot(), { at: 'outside', error })
  assert.equal(log.at(-1), 'stop')
})

test('another refusal keeps a person inside', async () => {
  const { gate, session } = gateThatHears(PERSON)
  await gate.start()
  const error: ErrorBody = { code: 'wire_unsupported', text: '', retry: 'never' }
  session.set({ ...EMPTY, connection: { status: 'refused', error } })
  assert.equal(gate.snapshot().at, 'inside')
})

test('who signs out leaves nothing behind in this browser', async () => {
  const { gate, log } = gateThatHears(PERSON)
  await gate.start()
  await gate.leave()
  assert.deepEqual(gate.snapshot(), { at: 'outside' })
  assert.deepEqual(log, ['getSession', 'start', 'deleteSession', 'forget', 'client forgets'])
})

test('who ends the session is not told that it has ended', async () => {
  const { gate, session } = gateThatHears(PERSON)
  await gate.start()
  const seen: unknown[] = []
  gate.subscribe(() => seen.push(gate.snapshot()))
  const left = gate.leave()
  const error: ErrorBody = { code: 'session_expired', text: '', retry: 'never' }
  session.set({ ...EMPTY, connection: { status: 'refused', error } })
  await left
  assert.deepEqual(seen, [{ at: 'outside' }])
})

test('who cannot sign out stays inside, and is told why', async () => {
  const { gate } = gateThatHears(PERSON, DOWN)
  await gate.start()
  assert.deepEqual(await gate.leave(), { ok: false, error: DOWN })
  assert.equal(gate.snapshot().at, 'inside')
})
