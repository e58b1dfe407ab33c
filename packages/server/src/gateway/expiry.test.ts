import assert from 'node:assert/strict'
import { it } from 'node:test'
import { FakeClock } from '@madang/fanout/testing'
import type { ErrorBody } from '@madang/protocol'
import { Client } from './clients.ts'
import { Expiry } from './expiry.ts'
import { NATIVE } from './manner.ts'
import { Session } from './session.ts'
import type { Connection } from './wire.ts'

const DAY_MS = 24 * 3_600_000

function sessionUntil(expiresAt: number | undefined) {
  const person = { id: '00000000-0000-7000-8000-000000000001', name: 'ann', kind: 'guest' } as const
  const belongings = { personId: person.id, version: '', communities: [], channels: [] }
  const session = new Session(
    { person, ...(expiresAt !== undefined && { expiresAt }) },
    { belongings, cursors: undefined, signedIn: undefined },
    NATIVE,
    new Client(),
  )
  const closed: string[] = []
  const connection: Connection<Session> = {
    id: 'c',
    state: session,
    address: '',
    transport: 'websocket',
    namespace: '/',
    client: {},
    behind: false,
    emit() {},
    say() {},
    join() {},
    leave() {},
    close: (error: ErrorBody, reconnect) => closed.push(`${error.code} ${reconnect}`),
    part() {},
  }
  session.connected(connection)
  return { session, closed }
}

it('a session of forty days ends after forty days, although no timer is that long', () => {
  const clock = new FakeClock()
  const expiry = new Expiry(clock)
  const { session, closed } = sessionUntil(clock.now() + 40 * DAY_MS)
  expiry.watch(session)
  clock.advance(40 * DAY_MS - 1)
  assert.deepEqual(closed, [])
  clock.advance(1)
  assert.deepEqual(closed, ['session_expired false'])
})

it('a session without an end, one that is forgotten and one of a stopped gateway are left alone', () => {
  const clock = new FakeClock()
  const expiry = new Expiry(clock)
  const [endless, gone, last] = [undefined, clock.now() + 5, clock.now() + 9].map(sessionUntil)
  assert.ok(endless && gone && last)
  for (const { session } of [endless, gone, last]) expiry.watch(session)
  expiry.forget(gone.session)
  expiry.stop()
  assert.equal(clock.timers, 0)
  clock.advance(DAY_MS)
  assert.deepEqual([endless.closed, gone.closed, last.closed], [[], [], []])
})
