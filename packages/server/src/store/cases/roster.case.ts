/** What every store knows of people for operators, and who these are. */
import assert from 'node:assert/strict'
import type { Cases } from '../testing/ground.ts'

export const rosterCases: Cases = {
  async 'nobody is an operator until somebody is made one, and may cease to be'(ground) {
    const [ann, bob] = [await ground.person('ann'), await ground.person('bob')]
    const { store } = ground
    assert.equal(await store.isOperator(ann.id), false)
    assert.deepEqual(await store.persons({ operators: true, limit: 10 }), [])
    const changed = await store.changePerson(ann.id, { operator: true })
    assert.deepEqual(changed, { ...ann, kind: 'account' })
    assert.deepEqual(
      [await store.isOperator(ann.id), await store.isOperator(bob.id)],
      [true, false],
    )
    const [first, ...others] = await store.persons({ operators: true, limit: 10 })
    assert.deepEqual([first?.person.id, first?.operator, others], [ann.id, true, []])
    await store.changePerson(ann.id, { operator: false })
    assert.equal(await store.isOperator(ann.id), false)
  },

  async 'whoever is disabled has no session, is no operator, and is told of as a change of their places, until they are enabled'(
    ground,
  ) {
    const [ann, bob] = [await ground.person('ann'), await ground.person('bob')]
    await ground.community(ann, bob)
    const { store } = ground
    const session = (id: string, personId: string) => ({
      ...{ id, personId, createdAt: 1, expiresAt: 100 },
    })
    await store.createSession(session('a', ann.id))
    await store.createSession(session('b', bob.id))
    await store.changePerson(ann.id, { operator: true })
    const versions = () => store.placeVersions([ann.id, bob.id])
    const look = async () => ({
      sessions: [await store.session('a', 5), await store.session('b', 5)].map(
        (one) => one !== null,
      ),
      missing: await store.missingSessions(['a', 'b'], 5),
      disabled: (await store.belongings([ann.id, bob.id])).map(({ disabled }) => disabled === true),
      operator: await store.isOperator(ann.id),
      listed: (await store.persons({ limit: 10 })).map(({ disabled }) => disabled),
    })
    const present = {
      sessions: [true, true],
      missing: [],
      disabled: [false, false],
      operator: true,
      listed: [false, false],
    }
    assert.deepEqual(await look(), present)
    const before = await versions()
    await store.changePerson(ann.id, { disabled: true })
    assert.deepEqual(await look(), {
      sessions: [false, true],
      missing: ['a'],
      disabled: [true, false],
      operator: false,
      listed: [true, false],
    })
    await assert.rejects(store.createSession(session('c', ann.id)), { code: 'banned' })
    const out = await versions()
    assert.notEqual(out.get(ann.id), before.get(ann.id))
    assert.equal(out.get(bob.id), before.get(bob.id))
    await store.changePerson(ann.id, { disabled: false })
    assert.notEqual((await versions()).get(ann.id), out.get(ann.id))
    assert.deepEqual(await look(), present)
  },

  async 'whom another system vouches for is refused while disabled'({ store, ids }) {
    const id = ids.next()
    const zed = { id, name: 'Zed', kind: 'account', createdAt: 1, externalId: 'x' } as const
    await store.adoptPerson(zed)
    await store.changePerson(id, { disabled: true })
    await assert.rejects(store.adoptPerson({ ...zed, name: 'Z' }), { code: 'banned' })
    await assert.rejects(store.adoptPerson(zed), { code: 'banned' })
    await store.changePerson(id, { disabled: false })
    assert.equal((await store.adoptPerson({ ...zed, id: ids.next() })).id, id)
  },

  async 'who is not there is not changed, and is no operator'({ store, ids }) {
    const id = ids.next()
    assert.equal(await store.changePerson(id, { operator: true }), null)
    assert.equal(await store.isOperator(id), false)
    assert.deepEqual(await store.persons({ limit: 10 }), [])
  },

  async 'a new name is the name in every list, and what was not named stays'(ground) {
    const ann = await ground.person('ann')
    const communityId = await ground.community(ann)
    await ground.channel(communityId, [ann])
    await ground.store.changePerson(ann.id, { operator: true })
    await ground.store.changePerson(ann.id, { name: 'Anna' })
    assert.equal((await ground.store.person(ann.id))?.name, 'Anna')
    const { members } = await ground.store.communityMembers(communityId, { limit: 10 })
    assert.deepEqual(
      members.map(({ person }) => person.name),
      ['Anna'],
    )
    assert.equal(await ground.store.isOperator(ann.id), true)
    assert.equal((await ground.store.changePerson(ann.id, {}))?.name, 'Anna')
  },

  async 'people are listed in pages, and found by id, login and a part of the name'(ground) {
    const { store, ids } = ground
    const made = []
    for (const name of ['Ann', '50% off', 'a_b', '마당쇠']) made.push(await ground.person(name))
    const id = ids.next()
    await store.createPerson({ id, name: 'Zed', kind: 'account', createdAt: 5, login: 'zed' })
    const names = async (request: object) =>
      (await store.persons({ limit: 10, ...request })).map(({ person }) => person.name)
    assert.deepEqual(await names({ limit: 2 }), ['Ann', '50% off'])
    assert.deepEqual(await names({ after: made[1]?.id }), ['a_b', '마당쇠', 'Zed'])
    assert.deepEqual(await names({ text: 'aNN' }), ['Ann'])
    assert.deepEqual(await names({ text: '%' }), ['50% off'])
    assert.deepEqual(await names({ text: '_' }), ['a_b'])
    assert.deepEqual(await names({ text: '당' }), ['마당쇠'])
    assert.deepEqual(await names({ text: 'zed' }), ['Zed'])
    assert.deepEqual(await names({ text: id }), ['Zed'])
    const [zed] = await store.persons({ text: 'zed', limit: 1 })
    assert.deepEqual([zed?.login, zed?.createdAt, zed?.operator], ['zed', 5, false])
  },
}
