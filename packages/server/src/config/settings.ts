/** The table of settings: every environment variable that Madang reads, with its schema, default, unit and meaning. */
import { LIMITS, Name } from '@madang/protocol'
import { z } from 'zod'
import { readNatsServers, readRedisPlaces } from './broker-places.ts'
import { readDialects } from './dialects.ts'
import { readApiSecrets, readApiUrl, readRoles } from './roles.ts'
import { readStatsUrl } from './stats.ts'

/** What `--help` and docs/reference/config.md say of a setting. */
export interface SettingFacts {
  /** What a good value looks like; completes "... is expected". */
  readonly expects: string
  /** What the value decides, as one sentence. */
  readonly about: string
  /** The value that counts where none is given; absent: none. In production a second one may count. */
  readonly fallback?: string | { readonly development: string; readonly production: string }
  readonly unit?: string
  /** Never shown, and not to be given on the command line, where other users of the machine can read it. */
  readonly secret?: true
}

export const settingFacts = z.registry<SettingFacts>()

const text = (charsMax: number) => z.string().max(charsMax)
const whole = (min: number, max: number) =>
  z
    .string()
    .regex(/^\d{1,9}$/)
    .transform(Number)
    .pipe(z.int().min(min).max(max))
const flag = z.enum(['on', 'off']).transform((value) => value === 'on')

const httpUrl = z.string().refine((value) => {
  const url = URL.parse(value)
  return url !== null && /^https?:$/.test(url.protocol) && url.username === '' && url.hash === ''
})

/** One server: lists of hosts are not understood by the driver. */
const isPostgresUrl = (value: string): boolean => {
  const url = URL.parse(value)
  if (url === null || !/^postgres(ql)?:$/.test(url.protocol)) return false
  return url.host !== '' && url.pathname.length > 1 && url.hash === ''
}

const isOrigin = (value: string): boolean => URL.parse(value)?.origin === value && value !== 'null'
const origins = z
  .string()
  .transform((value) => value.split(',').map((part) => part.trim()))
  .pipe(z.array(z.string().refine(isOrigin)))

/** What a reader makes of a text; refused where it makes nothing of it. */
const read = <T>(reader: (text: string) => T | undefined) =>
  text(8_192).transform((value, context) => {
    const found = reader(value)
    if (found !== undefined) return found
    context.addIssue({ code: 'custom', message: 'no address' })
    return z.NEVER
  })

/** Processes of one host. */
const workersMax = 128

export const Settings = z.object({
  HOST: text(255)
    .regex(/^[A-Za-z0-9._:-]+$/)
    .register(settingFacts, {
      expects:
        'a host name or address of this machine, such as 127.0.0.1, 0.0.0.0 (all of IPv4) or :: (all)',
      about: 'Where the server listens.',
      fallback: '0.0.0.0',
    }),
  PORT: whole(0, 65_535).register(settingFacts, {
    expects: 'a whole number from 0 to 65535 (0: any free port)',
    about: 'The port for HTTP, WebSocket and long-polling.',
    fallback: '3000',
  }),
  ROLES: read(readRoles).register(settingFacts, {
    expects: '"gateway", "api" or "gateway,api"',
    about:
      'What this process does: "gateway" serves sockets, "api" keeps the truth and serves the HTTP API and other gateways.',
    fallback: 'gateway,api',
  }),
  API_URL: read(readApiUrl).optional().register(settingFacts, {
    expects: 'an http or https URL with no credentials, together with ROLES=gateway',
    about:
      'The API process that a gateway asks for everything: one with ROLES=api, or a backend of your own that keeps docs/reference/store-api.md.',
  }),
  API_SECRET: read(readApiSecrets).optional().register(settingFacts, {
    expects:
      'a text of at least 32 random bytes (`openssl rand -base64 48` makes one), or two with a comma between while one replaces the other',
    about:
      'What gateways show to the API process. It takes either of two; a gateway shows the first.',
    secret: true,
  }),
  DATA_DIR: text(4_096).register(settingFacts, {
    expects: 'the path of a folder that this user may write to; it is made when it is not there',
    about: 'Where the SQLite database is kept; not used where DATABASE_URL is set.',
    fallback: './data',
  }),
  DATABASE_URL: text(4_096).refine(isPostgresUrl).optional().register(settingFacts, {
    expects:
      'postgres://user:password@host:port/database (over TLS: with ?sslmode=verify-full at its end)',
    about:
      'Keeps everything in PostgreSQL 14 or later, so that many nodes share it; with none, in SQLite.',
    secret: true,
  }),
  DATABASE_CONNECTIONS_MAX: whole(2, 1_000).register(settingFacts, {
    expects: 'a whole number from 2 to 1000',
    about: 'How many connections to PostgreSQL one process may have.',
    fallback: '10',
    unit: 'connections',
  }),
  DATABASE_TIMEOUT_MS: whole(100, 600_000).register(settingFacts, {
    expects: 'a whole number from 100 to 600000',
    about:
      'How long one statement may take in PostgreSQL, and in half of it get a lock that somebody else holds; past it a request is refused as busy.',
    fallback: '10000',
    unit: 'milliseconds',
  }),
  WORKERS: z.union([z.literal('auto'), whole(1, workersMax)]).register(settingFacts, {
    expects: `"auto" (one for each core) or a whole number from 1 to ${workersMax}`,
    about:
      'How many processes of this host share the port; more than 1 are watched, replaced, and reloaded on SIGHUP.',
    fallback: '1',
    unit: 'processes',
  }),
  INTERNAL_HOST: text(255)
    .regex(/^[A-Za-z0-9._:-]+$/)
    .register(settingFacts, {
      expects:
        'a name or address of this machine that the other nodes can reach, or "auto" (its first address that is not loopback)',
      about:
        'Where this node listens for requests that arrived at another node though their session is here. Nodes of several hosts need it; keep it away from the public.',
      fallback: '127.0.0.1',
    }),
  INTERNAL_PORT: whole(0, 65_535).register(settingFacts, {
    expects: 'a whole number from 0 to 65535 (0: any free port, and with several workers always 0)',
    about: 'The port for the same.',
    fallback: '0',
  }),
  NODE_ID: z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]{0,31}$/)
    .optional()
    .register(settingFacts, {
      expects: '1 to 32 lower-case letters, digits and hyphens',
      about:
        'The name of this node in logs, metrics and session ids; made at random where none is given. A worker of several adds its number.',
    }),
  REDIS_URL: read(readRedisPlaces).optional().register(settingFacts, {
    expects:
      'redis://host:port, several of them with commas between (partitions), redis+cluster://host:port,host:port or redis+sentinel://host:port,host:port/name (over TLS: rediss)',
    about:
      'Carries events between nodes over Redis 7 or later; with none, and no NATS_URL, nodes learn from the store alone.',
    secret: true,
  }),
  NATS_URL: read(readNatsServers).optional().register(settingFacts, {
    expects:
      'nats://host:port or tls://host:port, several with commas between, and no REDIS_URL beside it',
    about: 'Carries events between nodes over NATS.',
    secret: true,
  }),
  BROKER_PREFIX: z
    .string()
    .regex(/^[A-Za-z0-9_-]{1,32}$/)
    .register(settingFacts, {
      expects: '1 to 32 letters, digits, hyphens and underscores',
      about: 'Begins every name at the broker, so that several installations can share one.',
      fallback: 'madang',
    }),
  WELCOME_COMMUNITY: Name.clone().register(settingFacts, {
    expects: `a name of at most ${LIMITS.nameCharsMax} characters, with no space at its ends`,
    about: 'The public community that is made at the first start, and that guests come into.',
    fallback: 'Madang',
  }),
  GUESTS: flag.register(settingFacts, {
    expects: '"on" or "off"',
    about: 'Whether people may come in under a name alone, with no account.',
    fallback: { development: 'on', production: 'off' },
  }),
  DIALECTS: read(readDialects).optional().register(settingFacts, {
    expects: '"rooms", "communities" or "rooms,communities"',
    about:
      'What sockets may speak beside our own events, for clients that were written for other servers; docs/reference/dialects.md has the words. With none, nothing.',
  }),
  JWT_SECRET: text(4_096).optional().register(settingFacts, {
    expects: 'a text of at least 32 random bytes (`openssl rand -base64 48` makes one)',
    about: 'Accepts JSON web tokens that another system signed with this secret (HS256).',
    secret: true,
  }),
  JWT_SECRET_PREVIOUS: text(4_096).optional().register(settingFacts, {
    expects: 'a text of at least 32 random bytes, together with JWT_SECRET and another than it',
    about:
      'A second secret that tokens may be signed with, so that JWT_SECRET can be changed without refusing anybody: put the old one here until its last token has expired.',
    secret: true,
  }),
  JWKS_URL: httpUrl.optional().register(settingFacts, {
    expects: 'an http or https URL (in production https)',
    about: 'Accepts JSON web tokens signed with a key that is published at this URL.',
  }),
  JWT_ISSUER: text(1_024).optional().register(settingFacts, {
    expects: 'a text, together with JWT_SECRET or JWKS_URL',
    about: 'The `iss` that an accepted token must have.',
  }),
  JWT_AUDIENCE: text(1_024).optional().register(settingFacts, {
    expects: 'a text, together with JWT_SECRET or JWKS_URL',
    about: 'The `aud` that an accepted token must have.',
  }),
  CORS_ORIGIN: origins.optional().register(settingFacts, {
    expects: 'exact origins with commas between, such as https://chat.example,https://app.example',
    about: "Web origins, beside the server's own, that may use it with a person's cookie.",
  }),
  TRUST_PROXY: whole(0, 10).register(settingFacts, {
    expects: 'a whole number from 0 to 10',
    about:
      'How many proxies in front of the server are ours, so that X-Forwarded-* can be believed.',
    fallback: '0',
    unit: 'proxies',
  }),
  SECURE_COOKIES: z.enum(['auto', 'on', 'off']).register(settingFacts, {
    expects: '"auto" (where the request came over TLS, and always in production), "on" or "off"',
    about: 'Whether the session cookie is sent over TLS only.',
    fallback: 'auto',
  }),
  STATS_URL: read(readStatsUrl).register(settingFacts, {
    expects:
      '"store", "off", postgres://user:password@host:port/database, redis://host:port or sqlite:/path/of/a/file',
    about:
      'Where counts for operators are kept for 30 days: messages by hour, events, CPU and event loop of each node. It may be away: chat does not wait for it.',
    fallback: 'store',
    secret: true,
  }),
  METRICS_TOKEN: text(1_024).optional().register(settingFacts, {
    expects: 'a text of at least 16 characters',
    about:
      'What a caller of /metrics must show (`Authorization: Bearer ...`); without it /metrics is open.',
    secret: true,
  }),
  RATE_SCALE: whole(1, 1_000_000).register(settingFacts, {
    expects: 'a whole number from 1 to 1000000',
    about:
      'Multiplies what one person, address or connection may do; for load tests from one machine.',
    fallback: '1',
    unit: 'times',
  }),
  LAG_LIMIT_MS: whole(0, 60_000).register(settingFacts, {
    expects: 'a whole number from 0 to 60000 (0: no limit)',
    about: 'How late timers may be under full load before newcomers are asked to wait.',
    // People notice from here on.
    fallback: '200',
    unit: 'milliseconds',
  }),
  CONNECTS_PER_SECOND: whole(0, 1_000_000).register(settingFacts, {
    expects: 'a whole number from 0 to 1000000 (0: no limit)',
    about:
      'How many connections one process takes in a second, whoever they are of; whoever is too many is told when to come again. When a node dies, its clients come back spread over its connections divided by this, in seconds, 1 at the most.',
    // A newcomer takes 1 ms of CPU (`npm run load -- connections`): that leaves more than half of a core to those who are there.
    fallback: '400',
    unit: 'connections',
  }),
  DRAIN_SECONDS: whole(0, 20).register(settingFacts, {
    expects: 'a whole number from 0 to 20',
    about:
      'Over how long the connected are moved elsewhere when the server is told to stop; twice as long, and at most 22 s in all, where the other nodes take them more slowly.',
    fallback: '10',
    unit: 'seconds',
  }),
  LOG_LEVEL: z
    .enum(['silent', 'fatal', 'error', 'warn', 'info', 'debug', 'trace'])
    .register(settingFacts, {
      expects: 'silent, fatal, error, warn, info, debug or trace',
      about: 'The least important lines that are logged.',
      fallback: 'info',
    }),
  LOG_FORMAT: z.enum(['auto', 'pretty', 'json']).register(settingFacts, {
    expects: '"auto" (pretty in a terminal, else json), "pretty" or "json"',
    about: 'How log lines look.',
    fallback: 'auto',
  }),
})

export type SettingName = keyof typeof Settings.shape
export type SettingValues = z.output<typeof Settings>

export const settingNames: readonly SettingName[] = Settings.keyof().options

export function factsOf(name: SettingName): SettingFacts {
  const facts = settingFacts.get(Settings.shape[name])
  if (facts === undefined) throw new Error(`setting ${name} has no facts`)
  return facts
}

/** The value that counts where none is given, as one would write it. */
export function fallbackOf(name: SettingName, production: boolean): string | undefined {
  const { fallback } = factsOf(name)
  if (typeof fallback !== 'object') return fallback
  return production ? fallback.production : fallback.development
}

/** `JWT_SECRET` has no flag; `DATA_DIR` has `data-dir`. */
export function flagOf(name: SettingName): string | undefined {
  return factsOf(name).secret ? undefined : flagNamed(name)
}

export function flagNamed(variable: string): string {
  return variable.toLowerCase().replaceAll('_', '-')
}
