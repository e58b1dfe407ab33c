/** Makes the place where counts are kept, as the configuration says. Nothing is reached before it is opened, and it may be away. */
import type { Config } from '../config.ts'
import type { OpenTarget, StatsTarget } from '../ops/recorder.ts'
import { createPostgresStore } from '../store/postgres.ts'
import { createSqliteStore } from '../store/sqlite.ts'
import type { Store } from '../store/store.ts'
import { redisStats } from './redis-stats.ts'

/** Counts have a database's least: two connections, and little time. */
const connectionsMax = 2
const statementMsMax = 4_000

export function createStatsTarget(
  { stats, broker }: Config,
  store: Store,
): StatsTarget | undefined {
  switch (stats.kind) {
    case 'off':
      return undefined
    case 'store':
      return { open: async () => ({ ...countsOf(store), close: async () => {} }) }
    case 'sqlite':
      return storeTarget(() => createSqliteStore({ file: stats.file }))
    case 'postgres':
      return storeTarget(() =>
        createPostgresStore({ url: stats.url, connectionsMax, statementMsMax }),
      )
    case 'redis':
      return redisStats({
        url: stats.url,
        prefix: 'prefix' in broker ? broker.prefix : 'madang',
      })
  }
}

/** A store of its own, of which nothing but the counts is used. */
function storeTarget(newStore: () => Store): StatsTarget {
  return {
    async open() {
      const store = newStore()
      await store.start()
      return { ...countsOf(store), close: () => store.stop() }
    },
  }
}

function countsOf(store: Store): Pick<OpenTarget, 'writeStats' | 'stats'> {
  return {
    writeStats: (rows, forgetBefore) => store.writeStats(rows, forgetBefore),
    stats: (request) => store.stats(request),
  }
}
