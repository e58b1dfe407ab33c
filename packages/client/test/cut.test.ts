import assert from 'node:assert/strict'
import { test } from 'node:test'
import { spawnServer } from '@madang/server/testing'
import { type ClientStorage, memoryStorage } from '../src/index.ts'
import { guest, loaded, messages, participant, texts, until } from './people.case.ts'
import { startRelay } from './relay.case.ts'

const RUNS = 100

/** What a page leaves behind that ends without a word: the storage as it was, and nothing that is written later. */
function tornPage(kept: ClientStorage): { readonly storage: ClientStorage; tear(): void } {
  let isTorn = false
  return {
    storage: {
      get: (key) => kept.get(key),
      set: async (key, value) => (isTorn ? undefined : kept.set(key, value)),
      remove: async (key) => (isTorn ? undefined : kept.remove(key)),
    },
    tear: () => {
      isTorn = true
    },
  }
}

test(`${RUNS} times cut after the commit and before the answer, then reloaded: each message once`, {
  timeout: 300_000,
}, async () => {
  await using server = await spawnServer()
  await using relay = await startRelay(server.url)
  await using bob = await guest(server.url, 'Bob')
  const his = await loaded(bob, bob.hall)
  const kept = memoryStorage()
  const wanted: string[] = []
  let unanswered = 0
  for (let run = 0; run < RUNS; run += 1) {
    const page = tornPage(kept)
    await using ann = participant({ url: relay.url, guestName: 'Ann', storage: page.storage })
    const hers = await loaded(ann, bob.hall)
    // What was left by the run before goes first.
    await until(hers, (view) => messages(view).every((item) => item.state === 'sent'))
    relay.mute()
    hers.send(`run ${run}`)
    wanted.push(`sent run ${run}`)
    // The server has committed: somebody else reads it. The writer knows nothing of it.
    await until(his, (view) => texts(view).includes(`sent run ${run}`))
    if (texts(hers.snapshot()).at(-1) === `pending run ${run}`) unanswered += 1
    page.tear()
    relay.cut()
  }
  assert.equal(unanswered, RUNS)
  await using ann = participant({ url: relay.url, guestName: 'Ann', storage: kept })
  const hers = await loaded(ann, bob.hall)
  const everySent = await until(
    hers,
    (view) => view.items.length > 0 && messages(view).every((item) => item.state === 'sent'),
  )
  assert.deepEqual(texts(everySent), wanted.slice(-texts(everySent).length))
  assert.deepEqual(
    texts(his.snapshot()).filter((text) => text.startsWith('sent run')),
    wanted,
  )
})
