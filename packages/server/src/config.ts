/** The configuration of a node: environment and command line, read once, checked, and named by what they decide. */
import { resolve } from 'node:path'
import type { RedisPlace } from './config/broker-places.ts'
import type { Dialect } from './config/dialects.ts'
import { helpText } from './config/help.ts'
import { type Roles, rolesProblems } from './config/roles.ts'
import {
  factsOf,
  fallbackOf,
  type SettingName,
  Settings,
  type SettingValues,
  settingNames,
} from './config/settings.ts'
import { type Environment, quoted, readCommandLine, refusedVariables } from './config/sources.ts'
import { type StoreConfig, storeOf } from './config/store.ts'
import { isWeak } from './config/weak.ts'

export interface Config {
  /** NODE_ENV is `production`: strict defaults, no weak secrets. */
  readonly production: boolean
  readonly host: string
  /** 0: any free port. */
  readonly port: number
  readonly roles: Roles
  /** What gateways show to this process, where it keeps the truth: each is taken. */
  readonly apiSecrets: readonly string[]
  /** Absolute. */
  readonly dataDir: string
  /** Processes that serve on this host; `auto`: one for each core. */
  readonly workers: number | 'auto'
  /** Where the other nodes reach this one. `auto`: this machine's first address that is not loopback; port 0: any free one. */
  readonly internal: { readonly host: string; readonly port: number }
  /** Absent: to be made at random. */
  readonly nodeId?: string
  readonly store: StoreConfig
  readonly broker: BrokerConfig
  readonly welcomeCommunity: string
  readonly guests: boolean
  /** What sockets may speak beside our own words. */
  readonly dialects: readonly Dialect[]
  readonly tokens: {
    readonly secret?: string
    /** The one before, which is good as well. */
    readonly previousSecret?: string
    readonly jwksUrl?: string
    readonly issuer?: string
    readonly audience?: string
  }
  /** Exact origins beside the server's own. */
  readonly corsOrigins: readonly string[]
  readonly trustedProxies: number
  readonly secureCookies: 'auto' | 'on' | 'off'
  readonly metricsToken?: string
  readonly rateScale: number
  /** 0: no limit. */
  readonly lagMsMax: number
  readonly drainMs: number
  readonly log: {
    readonly level: SettingValues['LOG_LEVEL']
    readonly format: SettingValues['LOG_FORMAT']
  }
  /** What is allowed but unwise, one sentence each, to be logged at start. */
  readonly warnings: readonly string[]
}

/** What carries frames to the other nodes. `prefix` begins every name there. */
export type BrokerConfig =
  | { readonly kind: 'none' }
  /** More than one place: partitions. */
  | { readonly kind: 'redis'; readonly prefix: string; readonly places: readonly RedisPlace[] }
  /** Workers of one host, through their primary: never read from a setting. */
  | { readonly kind: 'ipc'; readonly path: string }
  | { readonly kind: 'nats'; readonly prefix: string; readonly servers: readonly string[] }

export type ConfigReading =
  | { readonly outcome: 'config'; readonly config: Config }
  /** Something to print instead of starting. */
  | { readonly outcome: 'print'; readonly text: string }
  /** One line each: what is wrong, and what is expected. */
  | { readonly outcome: 'refused'; readonly problems: readonly string[] }

export interface ConfigInput {
  /** Arguments after the script's name. */
  readonly argv: readonly string[]
  readonly env: Environment
  readonly cwd: string
  readonly version: string
}

const metricsTokenCharsMin = 16
const LOOPBACK = /^https?:\/\/(localhost|127\.0\.0\.1|\[::1\])(:|\/|$)/

export function readConfig(input: ConfigInput): ConfigReading {
  const line = readCommandLine(input.argv)
  if (line.help) return { outcome: 'print', text: helpText() }
  if (line.version) return { outcome: 'print', text: `${input.version}\n` }

  const variables = { ...withoutEmpty(input.env), ...withoutEmpty(line.given) }
  const production = variables.NODE_ENV === 'production'
  const problems = [...line.problems, ...refusedVariables(variables)]
  const parsed = Settings.safeParse(withFallbacks(variables, production))
  if (!parsed.success) {
    const wrong = new Set(parsed.error.issues.map((issue) => issue.path[0]))
    for (const name of settingNames) if (wrong.has(name)) problems.push(wrongValue(name, variables))
    return { outcome: 'refused', problems }
  }
  problems.push(...together(parsed.data, variables, production))
  if (problems.length > 0) return { outcome: 'refused', problems }
  return { outcome: 'config', config: named(parsed.data, production, input.cwd) }
}

/** Compose files and shells hand over `NAME=` for "not set". */
function withoutEmpty(variables: Environment): Environment {
  return Object.fromEntries(Object.entries(variables).filter(([, value]) => value !== ''))
}

function withFallbacks(variables: Environment, production: boolean): Environment {
  return Object.fromEntries(
    settingNames.map((name) => [name, variables[name] ?? fallbackOf(name, production)]),
  )
}

function wrongValue(name: SettingName, variables: Environment): string {
  const { secret, expects } = factsOf(name)
  const shown = secret ? 'not usable (its value is not shown)' : quoted(variables[name] ?? '')
  return `${name} is ${shown}, but ${expects} is expected.`
}

/** What only shows when settings are seen together. */
function together(values: SettingValues, variables: Environment, production: boolean): string[] {
  const problems: string[] = []
  const acceptsTokens = values.JWT_SECRET !== undefined || values.JWKS_URL !== undefined
  for (const name of ['JWT_ISSUER', 'JWT_AUDIENCE'] as const) {
    if (values[name] !== undefined && !acceptsTokens) problems.push(wrongValue(name, variables))
  }
  if ((values.METRICS_TOKEN?.length ?? metricsTokenCharsMin) < metricsTokenCharsMin) {
    problems.push(wrongValue('METRICS_TOKEN', variables))
  }
  if (values.REDIS_URL !== undefined && values.NATS_URL !== undefined) {
    problems.push(wrongValue('NATS_URL', variables))
  }
  if (values.WORKERS !== 1 && values.INTERNAL_PORT !== 0) {
    problems.push(wrongValue('INTERNAL_PORT', variables))
  }
  problems.push(...rolesProblems(values, values.DATABASE_URL !== undefined))
  const { JWT_SECRET: secret, JWT_SECRET_PREVIOUS: previous } = values
  if (previous !== undefined && (secret === undefined || secret === previous)) {
    problems.push(wrongValue('JWT_SECRET_PREVIOUS', variables))
  }
  if (!production) return problems
  for (const name of weakSecrets(values)) problems.push(wrongValue(name, variables))
  if (values.JWKS_URL?.startsWith('http:') && !LOOPBACK.test(values.JWKS_URL)) {
    problems.push(wrongValue('JWKS_URL', variables))
  }
  // The debug package prints payloads, and with them what people write.
  if (/\*|engine|socket\.io/.test(variables.DEBUG ?? '')) {
    problems.push(
      `DEBUG is ${quoted(variables.DEBUG ?? '')}, which would print what people write; in production it must be unset.`,
    )
  }
  return problems
}

/** What somebody can do who guesses it. */
const GUESSED = {
  JWT_SECRET: 'anybody can forge a token',
  JWT_SECRET_PREVIOUS: 'anybody can forge a token',
  API_SECRET: 'who guesses it reads and writes everything',
} as const

function weakSecrets(values: SettingValues): readonly (keyof typeof GUESSED)[] {
  const names = ['JWT_SECRET', 'JWT_SECRET_PREVIOUS', 'API_SECRET'] as const
  return names.filter((name) => [values[name] ?? []].flat().some(isWeak))
}

function named(values: SettingValues, production: boolean, cwd: string): Config {
  return {
    production,
    host: values.HOST,
    port: values.PORT,
    workers: values.WORKERS,
    internal: { host: values.INTERNAL_HOST, port: values.INTERNAL_PORT },
    roles: values.ROLES,
    apiSecrets: values.API_SECRET ?? [],
    dataDir: resolve(cwd, values.DATA_DIR),
    ...given({ nodeId: values.NODE_ID, metricsToken: values.METRICS_TOKEN }),
    store: storeOf(values),
    broker: brokerOf(values),
    welcomeCommunity: values.WELCOME_COMMUNITY,
    guests: values.GUESTS,
    dialects: values.DIALECTS ?? [],
    tokens: given({
      secret: values.JWT_SECRET,
      previousSecret: values.JWT_SECRET_PREVIOUS,
      jwksUrl: values.JWKS_URL,
      issuer: values.JWT_ISSUER,
      audience: values.JWT_AUDIENCE,
    }),
    corsOrigins: values.CORS_ORIGIN ?? [],
    trustedProxies: values.TRUST_PROXY,
    secureCookies: values.SECURE_COOKIES,
    rateScale: values.RATE_SCALE,
    lagMsMax: values.LAG_LIMIT_MS,
    drainMs: values.DRAIN_SECONDS * 1_000,
    log: { level: values.LOG_LEVEL, format: values.LOG_FORMAT },
    warnings: warningsOf(values),
  }
}

function brokerOf({
  REDIS_URL: places,
  NATS_URL: servers,
  BROKER_PREFIX: prefix,
}: SettingValues): BrokerConfig {
  if (places !== undefined) return { kind: 'redis', prefix, places }
  if (servers !== undefined) return { kind: 'nats', prefix, servers }
  return { kind: 'none' }
}

function warningsOf(values: SettingValues): string[] {
  const warnings = weakSecrets(values).map(
    (name) => `${name} is weak: ${GUESSED[name]}. Production refuses to start with it.`,
  )
  if (values.RATE_SCALE > 1) {
    warnings.push(`RATE_SCALE is ${values.RATE_SCALE}: rates hold back that much less.`)
  }
  return warnings
}

/** The entries that are there. */
function given<T extends Record<string, string | undefined>>(
  entries: T,
): { [K in keyof T]?: string } {
  return Object.fromEntries(Object.entries(entries).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: string
  }
}
