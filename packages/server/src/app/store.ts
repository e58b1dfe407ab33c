/** Makes the store that the configuration names. Nothing is opened before it is started. */
import { join } from 'node:path'
import type { Config } from '../config.ts'
import type { Metrics } from '../ops/metrics.ts'
import { createPostgresStore } from '../store/postgres.ts'
import { createSqliteStore } from '../store/sqlite.ts'
import type { Store } from '../store/store.ts'

export function createStore({ store, dataDir }: Config, metrics: Metrics): Store {
  const options = {
    onCommit(entries: number, durationMs: number) {
      metrics.observe('madang_append_batch_entries', {}, entries)
      metrics.observe('madang_append_duration_seconds', {}, durationMs / 1_000)
    },
  }
  switch (store.kind) {
    case 'sqlite':
      return createSqliteStore({ ...options, file: join(dataDir, 'madang.db') })
    case 'postgres': {
      const { url, connectionsMax, statementMsMax } = store
      return createPostgresStore({ ...options, url, connectionsMax, statementMsMax })
    }
  }
}
