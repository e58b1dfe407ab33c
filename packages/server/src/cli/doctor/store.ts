/** Whether the store can be reached, and keeps what it acknowledges. */
import { availableParallelism } from 'node:os'
import { placeOf } from '../../config/store.ts'
import type { Config } from '../../config.ts'
import { inspectPostgres, type PostgresFacts } from '../../store/postgres/inspect.ts'
import { error, type Finding, warning } from './finding.ts'

const versionMin = 14
/** Clocks that differ by more confuse times that people see, and the directory of nodes, in ms. */
const skewMsMax = { warning: 1_000, error: 10_000 } as const
/** Connections that PostgreSQL keeps for its superuser, and other programs want. */
const connectionsBeside = 10
const apiMsMax = 4_000

export async function storeFindings(config: Config, now: () => number): Promise<Finding[]> {
  const { store } = config
  switch (store.kind) {
    case 'sqlite':
      return []
    case 'remote':
      return apiFindings(store.url)
    case 'postgres':
      try {
        return postgresFindings(await inspectPostgres(store.url, now), config)
      } catch (cause) {
        const text = `The database at DATABASE_URL (${placeOf(store.url)}) cannot be used: ${reasonOf(cause)}.`
        const remedy =
          'See that it runs, that this machine reaches it, and that user and password are right.'
        return [error('database-away', text, remedy)]
      }
  }
}

export function postgresFindings(facts: PostgresFacts, config: Config): Finding[] {
  return [...durabilityFindings(facts), ...shareFindings(facts, config), ...clockFindings(facts)]
}

function durabilityFindings(facts: PostgresFacts): Finding[] {
  const found: Finding[] = []
  const settings = {
    fsync: facts.fsync,
    full_page_writes: facts.fullPageWrites,
    synchronous_commit: facts.synchronousCommit,
  }
  for (const [name, value] of Object.entries(settings)) {
    if (value !== 'off') continue
    const text = `PostgreSQL has ${name} off: what was acknowledged can be lost, and the server refuses to start.`
    found.push(
      error(
        `postgres-${name.replaceAll('_', '-')}`,
        text,
        `Turn ${name} on, for the server, the database and the user.`,
      ),
    )
  }
  if (facts.version < versionMin) {
    const text = `It is PostgreSQL ${facts.version}, and ${versionMin} or later is needed.`
    found.push(error('postgres-version', text, 'Upgrade it.'))
  }
  if (facts.encoding !== 'UTF8') {
    const text = `The database has the encoding ${facts.encoding}, and UTF8 is needed.`
    found.push(
      error(
        'postgres-encoding',
        text,
        'Make another one: create database ... encoding UTF8 template template0.',
      ),
    )
  }
  if (facts.isStandby) {
    found.push(
      error(
        'postgres-standby',
        'It is a standby, which takes no writes.',
        'Name the primary in DATABASE_URL.',
      ),
    )
  }
  if (!facts.mayCreate) {
    const text = 'The user of DATABASE_URL may not make tables.'
    found.push(
      error(
        'postgres-permission',
        text,
        'grant create on schema public to that user, or let another run `madang migrate`.',
      ),
    )
  }
  return found
}

function shareFindings({ connectionsMax }: PostgresFacts, { store, workers }: Config): Finding[] {
  if (store.kind !== 'postgres') return []
  const processes = workers === 'auto' ? availableParallelism() : workers
  const wanted = processes * store.connectionsMax + connectionsBeside
  if (wanted <= connectionsMax) return []
  const text = `PostgreSQL takes ${connectionsMax} connections, and this host alone may want ${wanted}.`
  return [
    warning(
      'postgres-connections',
      text,
      'Raise max_connections, or lower DATABASE_CONNECTIONS_MAX.',
    ),
  ]
}

function clockFindings({ clockAheadMs }: PostgresFacts): Finding[] {
  const skewMs = Math.abs(clockAheadMs)
  if (skewMs < skewMsMax.warning) return []
  const text = `The clocks of this machine and of the database differ by ${(skewMs / 1_000).toFixed(1)} s.`
  const make = skewMs >= skewMsMax.error ? error : warning
  return [make('clock-skew', text, 'Let NTP keep both (chrony, systemd-timesyncd).')]
}

async function apiFindings(url: string): Promise<Finding[]> {
  const signal = AbortSignal.timeout(apiMsMax)
  const answer = await fetch(new URL('/health/liveness', url), { signal }).catch(() => null)
  if (answer?.ok) return []
  const text = `The API process at API_URL (${url}) does not answer.`
  return [
    error('api-away', text, 'See that it runs with ROLES=api, and that this machine reaches it.'),
  ]
}

function reasonOf(cause: unknown): string {
  if (!(cause instanceof Error)) return 'no answer'
  const [first] = cause instanceof AggregateError ? cause.errors : []
  const text = cause.message || (first instanceof Error ? first.message : 'no answer')
  return (text.split('\n', 1)[0] ?? '').replace(/\.$/, '')
}
