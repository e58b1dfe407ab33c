import assert from 'node:assert/strict'
import { test } from 'node:test'
import { memoryStorage, webStorage } from './storage.ts'
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

test('an empty outbox leaves nothing in storage', async () => {
  const storage = memoryStorage()
  const vault = new Vault(storage, 's')
  await vault.keepDrafts('ann', [DRAFT])
  await vault.keepDrafts('ann', [])
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

test("the browser's storage is asked for only when it is used", async () => {
  const values = new Map<string, string>()
  const shelf: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'> = {
    getItem: (key) => values.get(key) ?? null,
    setItem: (key, value) => void values.set(key, value),
    removeItem: (key) => void values.delete(key),
  }
  const storage = webStorage(() => shelf)
  await storage.set('a', '1')
  assert.equal(await storage.get('a'), '1')
  await storage.remove('a')
  assert.equal(await storage.get('a'), undefined)
  const none = webStorage(() => {
    throw new Error('SecurityError')
  })
  await assert.rejects(none.get('a'))
})
