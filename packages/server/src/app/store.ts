/** Makes the store that the configuration names. Nothing is reached or opened before it is started. */
import { join } from 'node:path'
import type { Clock } from '../clock.ts'
import type { Config } from '../config.ts'
import type { Log } from '../log.ts'
import type { Metrics } from '../ops/metrics.ts'
import { createPostgresStore } from '../store/postgres.ts'
import type { RemoteReport } from '../store/remote/caller.ts'
import { createRemoteStore } from '../store/remote.ts'
import { createSqliteStore } from '../store/sqlite.ts'
import type { Store } from '../store/store.ts'

export interface StoreSurroundings {
  readonly clock: Clock
  readonly random: () => number
  readonly log: Log
  readonly metrics: Metrics
}

export function createStore(config: Config, around: StoreSurroundings): Store {
  switch (config.store.kind) {
    case 'sqlite': {
      const file = join(config.dataDir, 'madang.db')
      return createSqliteStore({ ...watched(around.metrics), file })
    }
    case 'postgres': {
      const { url, connectionsMax, statementMsMax } = config.store
      return createPostgresStore({
        ...watched(around.metrics),
        ...{ url, connectionsMax, statementMsMax },
      })
    }
    case 'remote':
      return remote(config.store, around)
  }
}

function watched(metrics: Metrics) {
  return {
    onCommit(entries: number, durationMs: number) {
      metrics.observe('madang_append_batch_entries', {}, entries)
      metrics.observe('madang_append_duration_seconds', {}, durationMs / 1_000)
    },
  }
}

function remote(
  { url, secret }: Extract<Config['store'], { kind: 'remote' }>,
  { clock, random, log, metrics }: StoreSurroundings,
): Store {
  const report = remoteReport(metrics, log)
  const store = createRemoteStore({ url, secret, clock, random, report })
  metrics.watch('madang_api_connected', () => [{ labels: {}, value: store.state === 'up' ? 1 : 0 }])
  return store
}

function remoteReport(metrics: Metrics, log: Log): RemoteReport {
  return {
    called(method, outcome, tookMs) {
      metrics.count('madang_api_calls_total', { method, outcome })
      metrics.observe('madang_api_call_duration_seconds', { method }, tookMs / 1_000)
    },
    warn: (text, facts) => log.warn(facts, text),
    info: (text, facts) => log.info(facts, text),
  }
}
