import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { type Ground, refuses, startGround } from '../core/ground.case.ts'
import { sessionIdOf } from '../core/people/session-token.ts'
import type { Authenticator } from './authenticator.ts'
import { type AuthenticatorParts, createAuthenticator } from './create-authenticator.ts'
import { hmac, mint } from './jwt/mint.case.ts'

const SECRET = 'a secret of more than thirty-two bytes'

interface World extends Ground {
  readonly authenticator: Authenticator
  jwt(claims: object, secret?: string): string
  seconds(fromNow: number): number
}

async function world(t: TestContext, parts: Partial<AuthenticatorParts> = {}): Promise<World> {
  const ground = await startGround(t)
  const { core, clock } = ground
  const common = { people: core.people, clock, guests: true, jwt: { secret: SECRET } }
  const seconds = (fromNow: number): number => clock.now() / 1_000 + fromNow
  return {
    ...ground,
    authenticator: createAuthenticator({ ...common, ...parts }),
    jwt: (claims, secret = SECRET) => mint({ alg: 'HS256', typ: 'JWT' }, claims, hmac(secret)),
    seconds,
  }
}

test('a session’s token is good as token and as cookie', async (t) => {
  const { core, authenticator } = await world(t)
  const { person, session } = await core.people.guest('Ann')
  const identity = { person, sessionId: sessionIdOf(session.token), expiresAt: session.expiresAt }
  assert.deepEqual(await authenticator.identify({ token: session.token }), identity)
  assert.deepEqual(await authenticator.identify({ cookie: session.token }), identity)
})

test('a guest is made, and may come back with the token', async (t) => {
  const { authenticator } = await world(t)
  const guest = await authenticator.identify({ guestName: 'Ann' })
  assert.deepEqual([guest.person.name, guest.person.kind], ['Ann', 'guest'])
  const { signedIn, ...identity } = guest
  assert.ok(signedIn)
  assert.deepEqual(await authenticator.identify({ token: signedIn.session.token }), identity)
})

for (const guestName of [' Ann', 'Ann\u202e', 'x'.repeat(81), ' ', '\ud800']) {
  test(`a guest cannot be called ${JSON.stringify(guestName).slice(0, 20)}`, async (t) => {
    const { authenticator } = await world(t)
    await assert.rejects(authenticator.identify({ guestName }), {
      body: {
        code: 'invalid',
        field: 'name',
        retry: 'never',
        text: 'The request does not match its schema; `field` names where.',
      },
    })
  })
}

test('guests are refused where they are not wanted, and nothing is made', async (t) => {
  const { authenticator } = await world(t, { guests: false })
  await refuses(authenticator.identify({ guestName: 'Ann' }), 'guests_disabled')
})

test('whoever shows nothing is asked to', async (t) => {
  const { authenticator } = await world(t)
  await refuses(authenticator.identify({}), 'unauthenticated')
  const empty = { token: '', cookie: '', guestName: '' }
  await refuses(authenticator.identify(empty), 'unauthenticated')
})

test('the first that is shown counts, and a bad one is not made up for by the next', async (t) => {
  const { core, authenticator } = await world(t)
  const [ann, bob] = [await core.people.guest('Ann'), await core.people.guest('Bob')]
  const { token } = ann.session
  const cookie = bob.session.token
  const nameOf = async (shown: object): Promise<string> =>
    (await authenticator.identify(shown)).person.name
  assert.equal(await nameOf({ token, cookie, guestName: 'Eve' }), 'Ann')
  assert.equal(await nameOf({ cookie, guestName: 'Eve' }), 'Bob')
  assert.equal(await nameOf({ token: '', cookie }), 'Bob')
  await refuses(authenticator.identify({ token: 'x'.repeat(43), cookie }), 'session_expired')
  await refuses(
    authenticator.identify({ cookie: 'x'.repeat(43), guestName: 'Eve' }),
    'session_expired',
  )
})

test('a session that has ended or was signed out is told so', async (t) => {
  const { core, clock, authenticator } = await world(t)
  const { person, session } = await core.people.guest('Ann')
  const other = await core.people.guest('Bob')
  await core.people.signOut(person, sessionIdOf(session.token))
  await refuses(authenticator.identify({ token: session.token }), 'session_expired')
  clock.nowMs = other.session.expiresAt
  await refuses(authenticator.identify({ cookie: other.session.token }), 'session_expired')
})

test('a JWT makes a person at first sight, who stays the same, until the token ends', async (t) => {
  const { core, authenticator, jwt, seconds, clock } = await world(t)
  const exp = seconds(60)
  const token = jwt({ sub: 'ann', name: 'Ann', exp })
  const first = await authenticator.identify({ token })
  assert.deepEqual([first.person.name, first.person.kind], ['Ann', 'account'])
  assert.deepEqual(Object.keys(first).sort(), ['expiresAt', 'person'])
  assert.equal(first.expiresAt, exp * 1_000)
  assert.deepEqual(await core.people.person(first.person.id), first.person)
  assert.deepEqual((await authenticator.identify({ token })).person, first.person)
  const renamed = jwt({ sub: 'ann', name: '  Anne\u202e ', exp })
  const again = await authenticator.identify({ token: renamed })
  assert.deepEqual([again.person.id, again.person.name], [first.person.id, 'Anne'])
  clock.nowMs = exp * 1_000
  await refuses(authenticator.identify({ token }), 'session_expired')
})

test('the same subject of two issuers is two people', async (t) => {
  const { authenticator, jwt, seconds } = await world(t)
  const claims = { sub: 'ann', exp: seconds(60) }
  const idOf = async (iss: string): Promise<string> =>
    (await authenticator.identify({ token: jwt({ ...claims, iss }) })).person.id
  assert.notEqual(await idOf('https://one.example'), await idOf('https://two.example'))
})

test('a JWT is no cookie', async (t) => {
  const { authenticator, jwt, seconds } = await world(t)
  const cookie = jwt({ sub: 'ann', exp: seconds(60) })
  await refuses(authenticator.identify({ cookie }), 'unauthenticated')
})

test('no JWT is good where none is configured', async (t) => {
  const ground = await startGround(t)
  const { core, clock } = ground
  const authenticator = createAuthenticator({ people: core.people, clock, guests: true })
  const token = mint({ alg: 'none' }, { sub: 'ann', exp: 9e9 }, () => new Uint8Array())
  await refuses(authenticator.identify({ token }), 'unauthenticated')
})

/** What a bad token may cost: the calls of the store that it led to. */
async function costOf(t: TestContext, token: string, code: string): Promise<readonly string[]> {
  const { clock, otherNode } = await startGround(t)
  const calls: string[] = []
  const { people } = otherNode({ onStoreCall: (name) => calls.push(name) }).core
  const authenticator = createAuthenticator({
    people,
    clock,
    guests: true,
    jwt: { secret: SECRET },
  })
  await refuses(authenticator.identify({ token }), code)
  return calls
}

for (const [what, token] of [
  ['4 KB of junk', 'x'.repeat(4_096)],
  ['1 MB of junk', 'x'.repeat(1_048_576)],
  ['1 MB of dots', '.'.repeat(1_048_576)],
  ['a path', '../../etc/passwd'],
  ['a forged JWT', mint({ alg: 'HS256' }, { sub: 'ann', exp: 9e9 }, hmac('guess'))],
  [
    'a JWT that is too long',
    mint({ alg: 'HS256' }, { sub: 'ann', name: 'x'.repeat(4_096), exp: 9e12 }, hmac(SECRET)),
  ],
  ['one character', 'x'],
  ['a NUL', '\u0000'],
] as const) {
  test(`${what} costs no call of the store`, async (t) => {
    assert.deepEqual(await costOf(t, token, 'unauthenticated'), [])
  })
}

test('a guessed session costs one look-up', async (t) => {
  assert.deepEqual(await costOf(t, 'x'.repeat(43), 'session_expired'), ['session'])
})
