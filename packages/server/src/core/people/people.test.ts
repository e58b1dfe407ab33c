import assert from 'node:assert/strict'
import { test } from 'node:test'
import { LIMITS } from '@madang/protocol'
import { systemRandom } from '../../ids.ts'
import { type Ground, outcomeOf, refuses, startGround, until } from '../ground.case.ts'
import { CORE_LIMITS } from '../limits.ts'
import { PasswordHash, type PasswordScheme } from './password-hash.ts'
import { sessionIdOf } from './session-token.ts'

const account = { login: 'ann', password: 'correct horse', name: 'Ann' }

test('an account signs in with its login and password, whatever the case of the login', async (t) => {
  const { core } = await startGround(t)
  const { person } = await core.people.register({ ...account, login: 'Ann' })
  assert.deepEqual([person.name, person.kind], ['Ann', 'account'])
  const again = await core.people.signIn({ login: 'ANN', password: 'correct horse' })
  assert.deepEqual(again.person, person)
  assert.equal((await core.people.person(person.id))?.name, 'Ann')
})

test('a login is taken once, in whatever case', async (t) => {
  const { core } = await startGround(t)
  await core.people.register(account)
  await refuses(core.people.register({ ...account, login: 'ANN' }), 'conflict')
  const both = { ...account, login: 'bob' }
  const outcomes = await Promise.allSettled([
    core.people.register(both),
    core.people.register(both),
  ])
  assert.deepEqual(outcomes.map(({ status }) => status).sort(), ['fulfilled', 'rejected'])
})

test('a wrong password and an unknown login get the same answer', async (t) => {
  const { core } = await startGround(t)
  await core.people.register(account)
  await refuses(core.people.signIn({ login: 'ann', password: 'wrong' }), 'wrong_credentials')
  await refuses(core.people.signIn({ login: 'nobody', password: 'wrong' }), 'wrong_credentials')
  await core.people.adopt({ externalId: 'x', name: 'X' })
  await refuses(core.people.signIn({ login: '', password: '' }), 'wrong_credentials')
})

test('a session lives as long as its limit says, and no longer', async (t) => {
  const { core, clock } = await startGround(t)
  const { person, session } = await core.people.guest('Guest')
  const { token, expiresAt } = session
  assert.equal(expiresAt, clock.now() + LIMITS.sessionMsMax)
  const identity = { person, sessionId: sessionIdOf(token), expiresAt }
  assert.deepEqual(await core.people.bySession(token), identity)
  clock.nowMs = expiresAt - 1
  assert.deepEqual(await core.people.bySession(token), identity)
  clock.nowMs = expiresAt
  assert.equal(await core.people.bySession(token), null)
})

test('the secret of a session is not kept', async (t) => {
  const { core, store, clock } = await startGround(t)
  const { session } = await core.people.guest('Guest')
  assert.equal(await store.session(session.token, clock.now()), null)
  assert.ok(await store.session(sessionIdOf(session.token), clock.now()))
})

test('signing out voids that session, tells its connections, and leaves the others', async (t) => {
  const { core, outlet } = await startGround(t)
  const first = await core.people.register(account)
  const second = await core.people.signIn(account)
  const sessionId = sessionIdOf(first.session.token)
  await core.people.signOut(first.person, sessionId)
  assert.deepEqual(outlet.take(first.person), [{ kind: 'signed_out', sessionId }])
  assert.equal(await core.people.bySession(first.session.token), null)
  assert.ok(await core.people.bySession(second.session.token))
  await core.people.signOut(first.person, sessionId)
  assert.deepEqual(outlet.notices, [])
})

test('nobody signs another out', async (t) => {
  const { core, outlet } = await startGround(t)
  const { person: ann, session } = await core.people.register(account)
  const { person: eve } = await core.people.guest('Eve')
  await core.people.signOut(eve, sessionIdOf(session.token))
  assert.equal((await core.people.bySession(session.token))?.person.id, ann.id)
  assert.deepEqual(outlet.notices, [])
})

for (const junk of ['', 'x', 'x'.repeat(43), 'x'.repeat(100_000), '../../etc/passwd', '\u0000']) {
  test(`${junk.length} characters of junk are nobody’s session`, async (t) => {
    const { core } = await startGround(t)
    assert.equal(await core.people.bySession(junk), null)
  })
}

test('guests are refused where they are not wanted', async (t) => {
  const { core } = await startGround(t, { welcome: null, guests: false })
  await refuses(core.people.guest('Guest'), 'guests_disabled')
})

test('a person of another system is made once, and goes by the name they come with', async (t) => {
  const { core, otherNode } = await startGround(t)
  const other = otherNode().core
  const all = await Promise.all(
    [core, other, core].map(({ people }) => people.adopt({ externalId: 'x', name: 'Ann' })),
  )
  assert.equal(new Set(all.map(({ id }) => id)).size, 1)
  const renamed = await other.people.adopt({ externalId: 'x', name: 'Anne\u0301' })
  assert.deepEqual([renamed.id, renamed.name, renamed.kind], [all[0]?.id, 'Anné', 'account'])
  assert.equal((await core.people.person(renamed.id))?.name, 'Anné')
  assert.equal((await core.people.adopt({ externalId: 'x', name: 'Ann' })).name, 'Ann')
})

test('the holder of a token who was disabled is refused within ten seconds, and let in again', async (t) => {
  const { core, clock, otherNode } = await startGround(t)
  const zed = { externalId: 'x', name: 'Zed' }
  const { id } = await core.people.adopt(zed)
  const other = otherNode()
  await other.core.people.disable(id, true)
  assert.deepEqual(other.outlet.notices, [{ personId: id, notice: { kind: 'disabled' } }])
  await refuses(other.core.people.adopt(zed), 'store: banned')
  await refuses(core.reading.belongings(id), 'banned')
  clock.nowMs += 10_000
  await refuses(core.people.adopt(zed), 'store: banned')
  await core.people.disable(id, false)
  assert.equal((await core.people.adopt(zed)).id, id)
  await refuses(core.people.disable('00000000-0000-7000-8000-00000000dead', true), 'not_found')
})

test('the last operator who may come in stays', async (t) => {
  const { core, store, person } = await startGround(t)
  const [ann, bob] = [await person('Ann'), await person('Bob')]
  for (const { id } of [ann, bob]) await store.changePerson(id, { operator: true })
  await core.people.disable(ann.id, true)
  await refuses(core.people.disable(bob.id, true), 'limit_reached')
  await core.people.disable(ann.id, false)
  await core.people.disable(bob.id, true)
})

test('nobody is nobody', async (t) => {
  const { core } = await startGround(t)
  assert.equal(await core.people.person('00000000-0000-7000-8000-00000000dead'), null)
})

/** A node whose hashes end when the test says so. */
function hashing({ otherNode }: Ground) {
  const work: (() => void)[] = []
  const state = { running: 0, most: 0, done: 0 }
  const scheme: PasswordScheme = {
    prefix: '$slow$',
    derive: async (password) => {
      state.running += 1
      state.most = Math.max(state.most, state.running)
      await new Promise<void>((resolve) => {
        work.push(resolve)
      })
      state.running -= 1
      state.done += 1
      return Buffer.from(password)
    },
  }
  const passwords = new PasswordHash(systemRandom, scheme, [scheme])
  return { work, state, core: otherNode({ passwords }).core }
}

test('few passwords are hashed at once, some wait, and the rest are refused as busy', async (t) => {
  const { work, state, core } = hashing(await startGround(t))
  const { passwordHashesRunningMax: running, passwordHashesWaitingMax: waiting } = CORE_LIMITS
  const outcomes: string[] = []
  const attempts = Array.from({ length: running + waiting + 5 }, async (_, index) => {
    const attempt = core.people.signIn({ login: `nobody${index}`, password: 'x' })
    outcomes.push(await outcomeOf(attempt))
  })
  await until(() => outcomes.length === 5)
  assert.deepEqual(new Set(outcomes), new Set(['busy']))
  await until(() => {
    work.shift()?.()
    return state.done === running + waiting
  })
  await Promise.all(attempts)
  assert.equal(state.most, running)
  assert.equal(outcomes.filter((code) => code === 'wrong_credentials').length, running + waiting)
})

test('an unknown login costs one hash, as a wrong password does', async (t) => {
  const { work, state, core } = hashing(await startGround(t))
  const hashesOf = async (attempt: Promise<unknown>): Promise<number> => {
    const before = state.done
    let settled = false
    const end = outcomeOf(attempt).finally(() => {
      settled = true
    })
    await until(() => {
      work.shift()?.()
      return settled
    })
    await end
    return state.done - before
  }
  assert.equal(await hashesOf(core.people.register(account)), 1)
  assert.equal(await hashesOf(core.people.signIn({ login: 'ann', password: 'wrong' })), 1)
  assert.equal(await hashesOf(core.people.signIn({ login: 'nobody', password: 'wrong' })), 1)
})
