/** What the settings say, where the server would start with them all the same. Pure. */
import { isIP } from 'node:net'
import type { Environment } from '../../config/sources.ts'
import type { Config } from '../../config.ts'
import { error, type Finding, warning } from './finding.ts'

/** What a setting that is refused means: the server does not start. */
export function refusedFindings(problems: readonly string[]): Finding[] {
  return problems.map((problem) =>
    error('setting-refused', problem, 'Change it; `madang start --help` lists every setting.'),
  )
}

export function settingFindings(config: Config): Finding[] {
  return [
    ...secretFindings(config),
    ...originFindings(config),
    ...networkFindings(config),
    ...shapeFindings(config),
  ]
}

function secretFindings({ production, warnings, metricsToken }: Config): Finding[] {
  const found = warnings
    .filter((text) => text.includes('is weak'))
    .map((text) => warning('weak-secret', text, 'Make another: openssl rand -base64 48.'))
  if (!production) {
    const text = 'NODE_ENV is not "production": guests come in, and weak secrets are taken.'
    found.push(
      warning('not-production', text, 'Set NODE_ENV=production where strangers can reach it.'),
    )
  } else if (metricsToken === undefined) {
    const text = 'METRICS_TOKEN is not set: whoever reaches /metrics reads it.'
    found.push(
      warning(
        'metrics-open',
        text,
        'Set METRICS_TOKEN, or keep the path from the public in the proxy.',
      ),
    )
  }
  return found
}

function originFindings({ corsOrigins, production, secureCookies }: Config): Finding[] {
  const found = corsOrigins
    .filter(
      (origin) => production && origin.startsWith('http:') && !isLoopback(new URL(origin).hostname),
    )
    .map((origin) => {
      const text = `CORS_ORIGIN allows ${origin}, whose pages anybody on the way can change.`
      return warning('origin-plain', text, 'Serve the page over https, and allow that origin.')
    })
  if (production && secureCookies === 'off') {
    const text = 'SECURE_COOKIES is off in production: sessions can be read on the way.'
    found.push(warning('cookies-plain', text, 'Leave SECURE_COOKIES at "auto".'))
  }
  return found
}

function networkFindings({ internal, broker, store }: Config): Finding[] {
  const isShared = broker.kind === 'redis' || broker.kind === 'nats'
  const isFar = store.kind === 'postgres' && !isLoopback(new URL(store.url).hostname)
  if (!isShared || !isFar || !isLoopback(internal.host)) return []
  const text = `INTERNAL_HOST is ${internal.host}: nodes of other hosts can neither hand requests to this one nor ask it for operators.`
  return [
    warning(
      'internal-host',
      text,
      'Set INTERNAL_HOST to an address that the other nodes reach, or to "auto".',
    ),
  ]
}

function shapeFindings({ store, broker, workers, rateScale, production }: Config): Finding[] {
  const found: Finding[] = []
  if (store.kind === 'sqlite' && (broker.kind === 'redis' || broker.kind === 'nats')) {
    const text =
      'There is a broker but no DATABASE_URL: nodes of several hosts would each have a database of their own.'
    found.push(
      warning(
        'broker-without-database',
        text,
        'Set DATABASE_URL, or take the broker away where there is one host.',
      ),
    )
  }
  if (store.kind === 'postgres' && broker.kind === 'none' && workers === 1) {
    const text =
      'There is a shared database but no broker: nodes learn of each other from the database, a second late.'
    found.push(
      warning(
        'database-without-broker',
        text,
        'Set REDIS_URL or NATS_URL where there are several nodes.',
      ),
    )
  }
  if (rateScale > 1 && production) {
    const text = `RATE_SCALE is ${rateScale}: nobody is held back before ${rateScale} times the usual.`
    found.push(warning('rate-scale', text, 'Leave RATE_SCALE at 1 outside of load tests.'))
  }
  return found
}

export function isLoopback(host: string): boolean {
  const name = host.replace(/^\[|\]$/g, '')
  return name === 'localhost' || name === '::1' || (isIP(name) === 4 && name.startsWith('127.'))
}

/** The settings without those that are refused, so that the rest can be looked at. */
export function withoutRefused(env: Environment, problems: readonly string[]): Environment {
  const names = problems.flatMap((problem) => /^"?([A-Z][A-Z_]+)"? is /.exec(problem)?.[1] ?? [])
  return Object.fromEntries(Object.entries(env).filter(([name]) => !names.includes(name)))
}
