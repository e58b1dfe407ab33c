/** What every store tells a node that watches over those who are connected to it: whose places have changed, and which sessions are void. */
import assert from 'node:assert/strict'
import type { Entry } from '../log.ts'
import { type Cases, type Ground, seqOf } from '../testing/ground.ts'

async function versionOf({ store }: Ground, personId: string): Promise<string> {
  const version = (await store.placeVersions([personId])).get(personId)
  assert.ok(version !== undefined)
  return version
}

/** Asserts for each step that exactly these people's versions are others after it than ever before. */
async function watched(ground: Ground, people: Readonly<Record<string, string>>) {
  const seen = new Map<string, Set<string>>()
  const look = async () => {
    const versions = await ground.store.placeVersions(Object.values(people))
    return Object.entries(people).flatMap(([name, id]) => {
      const version = versions.get(id)
      assert.ok(version !== undefined)
      const known = seen.get(id) ?? new Set()
      seen.set(id, known)
      const isNew = !known.has(version)
      known.add(version)
      return isNew ? [name] : []
    })
  }
  await look()
  return async (what: string, step: () => Promise<unknown>, names: readonly string[]) => {
    await step()
    assert.deepEqual(await look(), names, what)
  }
}

export const watchingCases: Cases = {
  async 'the version of a person’s places changes with each of them, and with nothing else'(
    ground,
  ) {
    const [ann, bob] = [await ground.person('ann'), await ground.person('bob')]
    const step = await watched(ground, { ann: ann.id, bob: bob.id })
    const communityId = await ground.community(ann)
    await step('a community is made', async () => {}, ['ann'])
    await step('comes in', () => ground.enroll(communityId, bob, 'member'), ['bob'])
    await step('gets a role', () => ground.enroll(communityId, bob, 'moderator'), ['bob'])
    const { id } = await ground.channel(communityId, [ann, bob])
    await step('a channel with both', async () => {}, ['ann', 'bob'])
    const append = async (entry: Entry) => seqOf(await ground.append(id, ann, entry, 'nothing'))
    await step('writes', () => ground.say(id, bob, 'x'), [])
    await step('renames', () => append({ kind: 'renamed', name: 'n', topic: '' }), [])
    await step(
      'reads',
      () => ground.store.moveCursors([{ personId: bob.id, channelId: id, seq: 3 }]),
      [],
    )
    await step('role', () => append({ kind: 'role', subject: bob, role: 'moderator' }), ['bob'])
    await step('kicked', () => append({ kind: 'kicked', subject: bob }), ['bob'])
    await step('back', () => append({ kind: 'joined', subject: bob, role: 'member' }), ['bob'])
    await step('banned', () => append({ kind: 'banned', subject: bob }), ['bob'])
    await step('unbanned', () => append({ kind: 'unbanned', subject: bob }), ['bob'])
    await step('out', () => ground.enroll(communityId, bob, null), ['bob'])
    await step('kept out', () => ground.enroll(communityId, bob, null, true), ['bob'])
  },

  async 'belongings come with their version, and nobody has the version of somebody else’s change'(
    ground,
  ) {
    const [ann, eve] = [await ground.person('ann'), await ground.person('eve')]
    await ground.channel(await ground.community(ann), [ann])
    const [anns, eves] = await ground.store.belongings([ann.id, eve.id])
    assert.equal(anns?.version, await versionOf(ground, ann.id))
    assert.equal(eves?.version, await versionOf(ground, eve.id))
    assert.notEqual(anns?.version, eves?.version)
  },

  async 'thousands of people and sessions are asked for at once, also those that are not there'(
    ground,
  ) {
    const ann = await ground.person('ann')
    const session = { personId: ann.id, createdAt: ground.now(), expiresAt: 9_000 }
    await ground.store.createSession({ ...session, id: 's' })
    const idOf = (n: number) => `ffffffff-0000-7000-8000-${String(n).padStart(12, '0')}`
    const many = Array.from({ length: 3_000 }, (_, n) => idOf(n))
    assert.equal((await ground.store.placeVersions([...many, ann.id])).size, 3_001)
    assert.deepEqual(await ground.store.missingSessions([...many, 's'], 2_000), many)
    assert.equal((await ground.store.placeVersions([])).size, 0)
    assert.deepEqual(await ground.store.missingSessions([], 2_000), [])
  },

  async 'a session is missing once it is deleted or its time is over'(ground) {
    const ann = await ground.person('ann')
    const createdAt = ground.now()
    for (const id of ['a', 'b']) {
      await ground.store.createSession({ id, personId: ann.id, createdAt, expiresAt: 9_000 })
    }
    const ids = ['a', 'b']
    assert.deepEqual(await ground.store.missingSessions(ids, 8_999), [])
    assert.deepEqual(await ground.store.missingSessions(ids, 9_000), ids)
    await ground.store.deleteSession('a')
    assert.deepEqual(await ground.store.missingSessions(ids, 8_999), ['a'])
  },
}
