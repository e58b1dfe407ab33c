import assert from 'node:assert/strict'
import { test } from 'node:test'
import { errorBody } from '@madang/protocol/errors'
import fc from 'fast-check'
import { BOUNDS } from './bounds.ts'
import { mergedDrafts } from './kept-drafts.ts'
import type { Draft } from './outbox.ts'
import { memoryStorage } from './storage.ts'
import { FakeClock } from './testing/fake-environment.ts'
import { ANN } from './testing/fake-server.ts'
import { Vault } from './vault.ts'

const DRAFT = { clientId: 'm1', channelId: 'a', text: 'hi', createdAt: 1 }

test('drafts of one person on one server are theirs alone', async () => {
  const storage = memoryStorage()
  await new Vault(storage, 'http://one').keepDrafts('ann', [DRAFT])
  assert.deepEqual(await new Vault(storage, 'http://one').drafts('ann'), [DRAFT])
  assert.deepEqual(await new Vault(storage, 'http://one').drafts('bob'), [])
  assert.deepEqual(await new Vault(storage, 'http://two').drafts('ann'), [])
})

test('what is in storage and is not ours to understand is passed over', async () => {
  const storage = memoryStorage()
  const key = 'madang:s:outbox:ann'
  for (const text of ['{', 'null', '[]', '{"version":99,"drafts":[]}', '{"version":1}']) {
    await storage.set(key, text)
    assert.deepEqual(await new Vault(storage, 's').drafts('ann'), [])
  }
  await storage.set(key, JSON.stringify({ version: 1, drafts: [{ text: 1 }, null, DRAFT] }))
  assert.deepEqual(await new Vault(storage, 's').drafts('ann'), [DRAFT])
})

test('an empty outbox leaves no message in storage', async () => {
  const storage = memoryStorage()
  const vault = new Vault(storage, 's')
  await vault.keepDrafts('ann', [DRAFT])
  await vault.keepDrafts('ann', [])
  assert.equal(await storage.get('madang:s:outbox:ann'), '{"version":1,"drafts":[]}')
  await vault.forget('ann')
  assert.equal(await storage.get('madang:s:outbox:ann'), undefined)
})

test('who we are is remembered while we run, though storage fails', async () => {
  const broken = async (): Promise<never> => {
    throw new Error('full')
  }
  const vault = new Vault({ get: broken, set: broken, remove: broken }, 's')
  await vault.keepPerson(ANN)
  await vault.keepGuest({ token: 't', name: 'Ann' })
  assert.deepEqual(await vault.person(), ANN)
  await vault.forgetGuest()
  assert.equal(await vault.guest(), undefined)
})

test('two pages keep their unsent messages in one place, and neither undoes the other', async () => {
  const storage = memoryStorage()
  const [one, two] = [new Vault(storage, 's'), new Vault(storage, 's')]
  const draft = (clientId: string) => ({ ...DRAFT, clientId })
  const ids = async (): Promise<string[]> =>
    (await new Vault(storage, 's').drafts('ann')).map(({ clientId }) => clientId)
  const [old, mine, theirs] = [draft('old'), draft('mine'), draft('theirs')]
  await one.keepDrafts('ann', [old])
  assert.deepEqual(await two.drafts('ann'), [old])
  await Promise.all([one.keepDrafts('ann', [old, mine]), two.keepDrafts('ann', [old, theirs])])
  assert.deepEqual(await ids(), ['old', 'mine', 'theirs'])
  await one.keepDrafts('ann', [mine])
  // The other page hears that it is refused, after it was sent: it has been resolved already.
  await two.keepDrafts('ann', [{ ...old, error: errorBody('banned') }, theirs])
  assert.deepEqual(await ids(), ['mine', 'theirs'])
})

test('what failed is noted in its place, and what is tried again comes last', async () => {
  const storage = memoryStorage()
  const vault = new Vault(storage, 's')
  const [a, b] = [DRAFT, { ...DRAFT, clientId: 'm2' }]
  await vault.keepDrafts('ann', [a, b])
  const failed = { ...a, error: errorBody('banned') }
  await vault.keepDrafts('ann', [failed, b])
  assert.deepEqual(await new Vault(storage, 's').drafts('ann'), [failed, b])
  await vault.keepDrafts('ann', [b, a])
  assert.deepEqual(await new Vault(storage, 's').drafts('ann'), [b, a])
})

test('whatever pages do at the same moment, what none of them resolved is kept, in order', () => {
  const act = fc.record({ page: fc.nat(2), adds: fc.boolean() })
  fc.assert(
    fc.property(fc.array(act, { maxLength: 40 }), (acts) => {
      const pages: { kept: Draft[] }[] = [{ kept: [] }, { kept: [] }, { kept: [] }]
      let stored: readonly Draft[] = []
      const unresolved: string[] = []
      for (const [index, { page, adds }] of acts.entries()) {
        const one = pages[page]
        assert.ok(one)
        const [first] = one.kept
        const clientId = `m${index}`
        const wanted = adds ? [...one.kept, { ...DRAFT, clientId }] : one.kept.slice(1)
        if (adds) unresolved.push(clientId)
        else if (first) unresolved.splice(unresolved.indexOf(first.clientId), 1)
        stored = mergedDrafts(stored, one.kept, wanted)
        one.kept = wanted
      }
      assert.deepEqual(
        stored.map(({ clientId }) => clientId),
        unresolved,
      )
    }),
  )
})

test('storage that fails, or never answers, says so and is overcome; when it works again, that too', async () => {
  const clock = new FakeClock()
  const inner = memoryStorage()
  let how: 'works' | 'fails' | 'hangs' = 'hangs'
  const act = async <T>(run: () => Promise<T>): Promise<T> => {
    if (how === 'hangs') return new Promise(() => {})
    if (how === 'fails') throw Object.assign(new Error('full'), { name: 'QuotaExceededError' })
    return run()
  }
  const told: (string | undefined)[] = []
  const storage = {
    get: (key: string) => act(() => inner.get(key)),
    set: (key: string, value: string) => act(() => inner.set(key, value)),
    remove: (key: string) => act(() => inner.remove(key)),
  }
  const vault = new Vault(storage, 's', { clock, troubled: (reason) => told.push(reason) })
  const hung = vault.keepDrafts('ann', [DRAFT])
  await clock.pass(BOUNDS.storageMsMax)
  await hung
  how = 'fails'
  const second = { ...DRAFT, clientId: 'm2' }
  await vault.keepDrafts('ann', [DRAFT, second])
  assert.deepEqual(await vault.drafts('ann'), [DRAFT, second])
  how = 'works'
  await vault.keepDrafts('ann', [DRAFT, second])
  assert.deepEqual(told, ['TimeoutError', 'QuotaExceededError', undefined])
  assert.deepEqual(await new Vault(storage, 's').drafts('ann'), [DRAFT, second])
  assert.equal(clock.timers, 0)
})

test('a storage that is cleared in the middle has everything unsent again with the next message', async () => {
  const storage = memoryStorage()
  const vault = new Vault(storage, 's')
  const second = { ...DRAFT, clientId: 'm2' }
  await vault.keepDrafts('ann', [DRAFT])
  await storage.remove('madang:s:outbox:ann')
  await vault.keepDrafts('ann', [DRAFT, second])
  assert.deepEqual(await new Vault(storage, 's').drafts('ann'), [DRAFT, second])
})

test('what a newer version keeps beside us is not overwritten, and we say that we cannot store', async () => {
  const storage = memoryStorage()
  const told: (string | undefined)[] = []
  const vault = new Vault(storage, 's', { troubled: (reason) => told.push(reason) })
  const newer = '{"version":2,"letters":["unsent"]}'
  await storage.set('madang:s:outbox:ann', newer)
  assert.deepEqual(await vault.drafts('ann'), [])
  await vault.keepDrafts('ann', [DRAFT])
  assert.equal(await storage.get('madang:s:outbox:ann'), newer)
  assert.deepEqual(told, ['VersionError'])
  assert.deepEqual(await vault.drafts('ann'), [DRAFT])
})

test('a storage that hangs is waited for once, and shortly from then on', async () => {
  const clock = new FakeClock()
  const hang = (): Promise<never> => new Promise(() => {})
  const vault = new Vault({ get: hang, set: hang, remove: hang }, 's', { clock })
  const asked = Promise.all([
    vault
      .person()
      .then(() => vault.guest())
      .then(() => vault.drafts('ann')),
  ])
  await clock.pass(BOUNDS.storageMsMax + 2 * BOUNDS.storageAgainMsMax)
  assert.deepEqual(await asked, [[]])
})
