/** What every store must do: the suite that all of them pass. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { logCases } from './cases/log.case.ts'
import { nodeCases } from './cases/nodes.case.ts'
import { placeCases } from './cases/places.case.ts'
import { rosterCases } from './cases/roster.case.ts'
import { standingCases } from './cases/standing.case.ts'
import { statsCases } from './cases/stats.case.ts'
import { unreadCases } from './cases/unread.case.ts'
import { watchingCases } from './cases/watching.case.ts'
import { type Store, StoreError } from './store.ts'
import { Ground } from './testing/ground.ts'

export interface StoreCasesOptions {
  readonly name: string
  /** A store over an empty database of its own, not yet started. */
  newStore(): Promise<{ readonly store: Store; remove(): Promise<void> }>
  /** Why none of it can run here. */
  readonly missing?: string | false
  /** Cases that this store cannot pass by its nature, with the reason. */
  readonly skip?: Readonly<Record<string, string>>
}

const lifeCases = {
  async 'starting is once, stopping is clean, and twice is once'({ store }: Ground) {
    await store.ping()
    await Promise.all([store.stop(), store.stop()])
    await store.stop()
    const unavailable = (error: unknown) =>
      error instanceof StoreError && error.code === 'unavailable'
    await assert.rejects(store.heads(['x']), unavailable)
    await assert.rejects(store.append([]), unavailable)
    await assert.rejects(store.ping(), unavailable)
  },

  async 'stop waits for what was asked for before it'(ground: Ground) {
    const ann = await ground.person('ann')
    const { id } = await ground.channel(await ground.community(ann), [ann])
    const sends = Array.from({ length: 50 }, (_, n) =>
      ground.store.append([ground.message(id, ann, `${n}`)]),
    )
    const stopped = ground.store.stop()
    const results = await Promise.all(sends)
    await stopped
    assert.ok(results.every(([result]) => result?.outcome === 'appended'))
  },
}

/** Registers the suite, each case with a store of its own. */
export function storeCases({
  name,
  newStore,
  missing = false,
  skip = {},
}: StoreCasesOptions): void {
  const cases = {
    ...{ ...lifeCases, ...logCases, ...standingCases, ...placeCases },
    ...{ ...unreadCases, ...nodeCases, ...watchingCases, ...rosterCases, ...statsCases },
  }
  describe(`${name} is a store`, () => {
    for (const [title, run] of Object.entries(cases)) {
      test(title, { skip: missing || (skip[title] ?? false) }, async () => {
        const { store, remove } = await newStore()
        await store.start()
        try {
          await run(new Ground(store))
        } finally {
          await store.stop()
          await remove()
        }
      })
    }
  })
}
