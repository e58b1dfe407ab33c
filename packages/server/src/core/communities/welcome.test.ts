import assert from 'node:assert/strict'
import { test } from 'node:test'
import { logOf, startGround } from '../ground.case.ts'
import { SYSTEM_PERSON, WELCOME_COMMUNITY_ID } from './welcome.ts'

test('the welcome community is made with its general channel, once, however many nodes prepare it', async (t) => {
  const { core, outlet, otherNode, store } = await startGround(t, {})
  const others = Array.from({ length: 5 }, () => otherNode())
  await Promise.all([core.prepare(), ...others.map((node) => node.core.prepare())])
  await core.prepare()
  const [community, ...more] = await core.communities.list(SYSTEM_PERSON)
  assert.deepEqual(
    [community?.id, community?.name, community?.visibility, community?.role, more],
    [WELCOME_COMMUNITY_ID, 'Madang', 'public', 'owner', []],
  )
  const [general, ...rest] = await core.channels.list(SYSTEM_PERSON, WELCOME_COMMUNITY_ID)
  assert.deepEqual([general?.name, general?.head, rest], ['general', 1, []])
  const told = [outlet, ...others.map((node) => node.outlet)].flatMap(({ events }) => events)
  assert.deepEqual(told, await logOf(store, general?.id ?? ''))
})

test('preparing finishes what another node broke off', async (t) => {
  const { core, store, clock } = await startGround(t, { welcome: { name: 'Yard' } })
  await store.adoptPerson({ ...SYSTEM_PERSON, createdAt: clock.now(), externalId: 'madang:system' })
  await store.createCommunity({
    id: WELCOME_COMMUNITY_ID,
    name: 'Yard',
    visibility: 'public',
    createdAt: clock.now(),
    owner: { id: SYSTEM_PERSON.id, name: SYSTEM_PERSON.name },
  })
  await core.prepare()
  const channels = await core.channels.list(SYSTEM_PERSON, WELCOME_COMMUNITY_ID)
  assert.deepEqual(
    channels.map(({ name }) => name),
    ['general'],
  )
})

test('guests, new accounts and persons of other systems are in it from the start', async (t) => {
  const { core, otherNode } = await startGround(t, {})
  await core.prepare()
  const guest = (await core.people.guest('Guest')).person
  const account = (
    await core.people.register({ login: 'ann', password: 'long enough', name: 'Ann' })
  ).person
  const adopted = await core.people.adopt({ externalId: '["","bob"]', name: 'Bob' })
  const elsewhere = (await otherNode().core.people.guest('Elsewhere')).person
  for (const { id } of [guest, account, adopted, elsewhere]) {
    const { communities, channels } = await core.reading.belongings(id)
    assert.deepEqual(
      communities.map(({ name, role }) => [name, role]),
      [['Madang', 'member']],
    )
    assert.deepEqual(
      channels.map(({ name, role }) => [name, role]),
      [['general', 'member']],
    )
  }
})

test('who left it is not put back when they come again', async (t) => {
  const { core, otherNode } = await startGround(t, {})
  await core.prepare()
  const adopted = { externalId: '["","bob"]', name: 'Bob' }
  const bob = await core.people.adopt(adopted)
  await core.communities.remove(bob, { communityId: WELCOME_COMMUNITY_ID, personId: bob.id })
  await core.people.adopt(adopted)
  await otherNode().core.people.adopt(adopted)
  assert.deepEqual((await core.reading.belongings(bob.id)).communities, [])
})

for (const [what, welcome] of [
  ['there is none', null],
  ['it takes nobody', { admitsNew: false }],
] as const) {
  test(`where ${what}, newcomers belong nowhere`, async (t) => {
    const { core } = await startGround(t, { welcome })
    await core.prepare()
    const { person } = await core.people.guest('Guest')
    assert.deepEqual((await core.reading.belongings(person.id)).communities, [])
  })
}

test('newcomers are not held up where it was not prepared', async (t) => {
  const { core } = await startGround(t, {})
  const { person } = await core.people.guest('Guest')
  assert.deepEqual((await core.reading.belongings(person.id)).communities, [])
})

test('the server can make somebody an owner of it', async (t) => {
  const { core } = await startGround(t, {})
  await core.prepare()
  const { person } = await core.people.register({
    login: 'ann',
    password: 'long enough',
    name: 'Ann',
  })
  const what = { communityId: WELCOME_COMMUNITY_ID, personId: person.id, role: 'owner' } as const
  await core.communities.setRole(SYSTEM_PERSON, what)
  assert.equal((await core.reading.belongings(person.id)).communities[0]?.role, 'owner')
})
