import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { helpText } from './config/help.ts'
import { factsOf, fallbackOf, flagOf, settingNames } from './config/settings.ts'
import type { Environment } from './config/sources.ts'
import { type Config, type ConfigInput, readConfig } from './config.ts'

const strong = 'k3Vb9wQx7ZpL2mNs8RtY4uHj6GfD1cAe'

function read(env: ConfigInput['env'], argv: readonly string[] = []) {
  return readConfig({ argv, env, cwd: '/somewhere', version: '1.2.3' })
}

function configOf(env: ConfigInput['env'], argv: readonly string[] = []): Config {
  const reading = read(env, argv)
  assert.equal(reading.outcome, 'config', JSON.stringify(reading))
  return reading.outcome === 'config' ? reading.config : assert.fail()
}

function problemsOf(env: ConfigInput['env'], argv: readonly string[] = []): readonly string[] {
  const reading = read(env, argv)
  assert.equal(reading.outcome, 'refused', JSON.stringify(reading))
  return reading.outcome === 'refused' ? reading.problems : assert.fail()
}

test('an empty environment gives a server that one person can try at once', () => {
  assert.deepEqual(configOf({}), {
    production: false,
    host: '0.0.0.0',
    port: 3000,
    workers: 1,
    internal: { host: '127.0.0.1', port: 0 },
    roles: { gateway: true, api: true },
    apiSecrets: [],
    dataDir: '/somewhere/data',
    store: { kind: 'sqlite' },
    broker: { kind: 'none' },
    stats: { kind: 'store' },
    welcomeCommunity: 'Madang',
    guests: true,
    dialects: [],
    tokens: {},
    corsOrigins: [],
    trustedProxies: 0,
    secureCookies: 'auto',
    rateScale: 1,
    lagMsMax: 200,
    connectsPerSecond: 400,
    drainMs: 10_000,
    log: { level: 'info', format: 'auto' },
    warnings: [],
  })
})

const EVERYTHING = {
  HOST: '127.0.0.1',
  PORT: '4000',
  ROLES: 'api,gateway',
  API_SECRET: strong,
  DATA_DIR: '/var/lib/madang',
  DATABASE_URL: 'postgres://u:pw@db/madang',
  DATABASE_CONNECTIONS_MAX: '4',
  DATABASE_TIMEOUT_MS: '500',
  WORKERS: 'auto',
  INTERNAL_HOST: '10.0.0.7',
  NODE_ID: 'node-a',
  WELCOME_COMMUNITY: '마당',
  GUESTS: 'off',
  DIALECTS: 'communities, rooms',
  JWT_SECRET: strong,
  JWKS_URL: 'https://id.example/keys',
  JWT_ISSUER: 'https://id.example/',
  JWT_AUDIENCE: 'chat',
  CORS_ORIGIN: 'https://a.example, http://localhost:5173',
  TRUST_PROXY: '1',
  SECURE_COOKIES: 'on',
  METRICS_TOKEN: 'sixteen-letters-',
  STATS_URL: 'redis://stats:6379',
  RATE_SCALE: '100',
  LAG_LIMIT_MS: '500',
  CONNECTS_PER_SECOND: '50',
  DRAIN_SECONDS: '3',
  LOG_LEVEL: 'debug',
  LOG_FORMAT: 'json',
}

test('every setting reaches the configuration', () => {
  assert.deepEqual(configOf(EVERYTHING), {
    production: false,
    host: '127.0.0.1',
    port: 4000,
    workers: 'auto',
    internal: { host: '10.0.0.7', port: 0 },
    roles: { gateway: true, api: true },
    apiSecrets: [strong],
    dataDir: '/var/lib/madang',
    store: {
      kind: 'postgres',
      url: 'postgres://u:pw@db/madang',
      connectionsMax: 4,
      statementMsMax: 500,
    },
    nodeId: 'node-a',
    broker: { kind: 'none' },
    stats: { kind: 'redis', url: 'redis://stats:6379' },
    welcomeCommunity: '마당',
    guests: false,
    dialects: ['rooms', 'communities'],
    tokens: {
      secret: strong,
      jwksUrl: 'https://id.example/keys',
      issuer: 'https://id.example/',
      audience: 'chat',
    },
    corsOrigins: ['https://a.example', 'http://localhost:5173'],
    trustedProxies: 1,
    secureCookies: 'on',
    metricsToken: 'sixteen-letters-',
    rateScale: 100,
    lagMsMax: 500,
    connectsPerSecond: 50,
    drainMs: 3_000,
    log: { level: 'debug', format: 'json' },
    warnings: ['RATE_SCALE is 100: rates hold back that much less.'],
  })
})

test('a flag comes before the variable of its name', () => {
  assert.equal(configOf({ PORT: '4000' }, ['--port', '5000']).port, 5000)
  assert.equal(configOf({ PORT: '4000' }, ['--port=5001', '--guests', 'off']).port, 5001)
  for (const name of settingNames) {
    assert.equal(flagOf(name) === undefined, factsOf(name).secret === true, name)
  }
})

test('an empty value counts as none', () => {
  const config = configOf({ PORT: '', JWT_SECRET: '', REDIS_URL: '' })
  assert.deepEqual([config.port, config.broker], [3000, { kind: 'none' }])
})

test('in production guests are off until they are asked for', () => {
  assert.equal(configOf({ NODE_ENV: 'production' }).guests, false)
  assert.equal(configOf({ NODE_ENV: 'production', GUESTS: 'on' }).guests, true)
  assert.equal(configOf({ NODE_ENV: 'production' }).production, true)
})

const wrong: readonly (readonly [name: string, value: string])[] = [
  ['PORT', 'abc'],
  ['PORT', '70000'],
  ['PORT', '-1'],
  ['PORT', '3000.5'],
  ['PORT', '1e3'],
  ['ROLES', 'gateways'],
  ['ROLES', 'api,api'],
  ['ROLES', ','],
  ['API_URL', 'ftp://api'],
  ['API_URL', 'http://user:password@api'],
  ['API_URL', 'http://api/?a=b'],
  ['HOST', 'http://a'],
  ['NODE_ID', 'Node A'],
  ['NODE_ID', 'a'.repeat(33)],
  ['WELCOME_COMMUNITY', ' a'],
  ['WELCOME_COMMUNITY', 'a'.repeat(81)],
  ['GUESTS', 'yes'],
  ['JWKS_URL', 'ftp://a/keys'],
  ['JWKS_URL', 'https://user:password@a/keys'],
  ['JWT_ISSUER', 'alone'],
  ['JWT_AUDIENCE', 'alone'],
  ['CORS_ORIGIN', '*'],
  ['CORS_ORIGIN', 'null'],
  ['CORS_ORIGIN', 'https://a.example/'],
  ['CORS_ORIGIN', 'https://a.example,'],
  ['CORS_ORIGIN', 'a.example'],
  ['TRUST_PROXY', 'true'],
  ['TRUST_PROXY', '11'],
  ['SECURE_COOKIES', '1'],
  ['LAG_LIMIT_MS', '-1'],
  ['DRAIN_SECONDS', '21'],
  ['LOG_LEVEL', 'loud'],
  ['LOG_FORMAT', 'xml'],
]

for (const [name, value] of wrong) {
  test(`${name}=${JSON.stringify(value.slice(0, 40))} is refused by one line with name, value and what is expected`, () => {
    const problems = problemsOf({ [name]: value })
    const facts = factsOf(settingNames.find((known) => known === name) ?? assert.fail())
    assert.deepEqual(problems, [
      `${name} is ${JSON.stringify(value)}, but ${facts.expects} is expected.`,
    ])
  })
}

test('all wrong settings are told at once', () => {
  assert.equal(problemsOf({ PORT: 'x', GUESTS: 'y', REDIS_URL: 'localhost' }).length, 3)
})

test('a secret is never shown, and has no flag', () => {
  const problems = problemsOf({ NODE_ENV: 'production', JWT_SECRET: 'tell-nobody' })
  assert.match(problems.join(), /^JWT_SECRET is not usable \(its value is not shown\)/)
  assert.doesNotMatch(problems.join(), /tell-nobody/)
  const flag = problemsOf({}, ['--jwt-secret', 'tell-nobody']).join()
  assert.match(flag, /--jwt-secret" is not a flag.*Set JWT_SECRET in the environment/)
  assert.doesNotMatch(flag, /tell-nobody/)
})

for (const secret of ['short', 'changeit'.repeat(8), 'a'.repeat(64), `secret${strong}`]) {
  test(`production refuses the weak secret ${secret.slice(0, 12)}..., development warns`, () => {
    assert.equal(problemsOf({ NODE_ENV: 'production', JWT_SECRET: secret }).length, 1)
    assert.match(configOf({ JWT_SECRET: secret }).warnings.join(), /JWT_SECRET is weak/)
  })
}

test('production refuses keys that come over plain http, but for loopback', () => {
  const production = { NODE_ENV: 'production' }
  assert.equal(problemsOf({ ...production, JWKS_URL: 'http://id.example/keys' }).length, 1)
  configOf({ ...production, JWKS_URL: 'http://127.0.0.1:9000/keys' })
})

test('production refuses debug output that would print payloads', () => {
  assert.match(problemsOf({ NODE_ENV: 'production', DEBUG: '*' }).join(), /DEBUG/)
  assert.match(problemsOf({ NODE_ENV: 'production', DEBUG: 'engine:ws' }).join(), /DEBUG/)
  configOf({ DEBUG: '*' })
})

test('a broker is one of its kind, and its address is never shown', () => {
  const broker = (env: Environment) => configOf(env).broker
  assert.deepEqual(broker({ REDIS_URL: 'redis://a', BROKER_PREFIX: 'blue' }), {
    kind: 'redis',
    prefix: 'blue',
    places: [{ kind: 'server', url: 'redis://a:6379' }],
  })
  assert.deepEqual(broker({ NATS_URL: 'nats://a,nats://b' }), {
    kind: 'nats',
    prefix: 'madang',
    servers: ['nats://a', 'nats://b'],
  })
  const both = problemsOf({ REDIS_URL: 'redis://:pw@a', NATS_URL: 'nats://u:pw@a' })
  assert.match(both.join(), /^NATS_URL is not usable .* no REDIS_URL beside it is expected\.$/)
  const wrong = problemsOf({ REDIS_URL: 'redis://:pw@a/7', BROKER_PREFIX: 'a b' })
  assert.equal(wrong.length, 2)
  assert.doesNotMatch([...both, ...wrong].join(), /pw/)
})

test('what is not the address of one PostgreSQL database is refused, and not shown', () => {
  for (const url of [
    'pw',
    'mysql://u:pw@db/x',
    'postgres://u:pw@a:1,b:2/x',
    'postgres://u:pw@db/',
  ]) {
    const problems = problemsOf({ DATABASE_URL: url })
    assert.match(
      problems.join(),
      /^DATABASE_URL is not usable .* postgres:\/\/user:.* is expected\.$/,
    )
    assert.doesNotMatch(problems.join(), /pw/)
  }
  assert.equal(configOf({ DATABASE_URL: 'postgresql://[::1]:5433/x' }).store.kind, 'postgres')
})

test('a short metrics token is refused', () => {
  assert.match(problemsOf({ METRICS_TOKEN: 'short' }).join(), /METRICS_TOKEN/)
})

test('several workers share one port, but not the one that other nodes reach each of them by', () => {
  assert.equal(configOf({ WORKERS: '1', INTERNAL_PORT: '4100' }).internal.port, 4100)
  for (const WORKERS of ['2', 'auto']) {
    assert.match(problemsOf({ WORKERS, INTERNAL_PORT: '4100' }).join(), /INTERNAL_PORT is "4100"/)
  }
  for (const WORKERS of ['0', '129', 'all', '1.5']) {
    assert.match(problemsOf({ WORKERS }).join(), /^WORKERS is /)
  }
})

test('an unknown flag or variable is refused with the nearest name', () => {
  assert.match(
    problemsOf({}, ['--prot', '1']).join(),
    /"--prot" is not a flag. Did you mean --port\?/,
  )
  assert.match(problemsOf({}, ['--colour']).join(), /See --help/)
  assert.match(problemsOf({ MADANG_PORT: '1' }).join(), /Did you mean PORT\?/)
  assert.match(problemsOf({}, ['serve']).join(), /"serve" is not a flag/)
  assert.match(problemsOf({}, ['--port']).join(), /"--port" needs a value/)
  assert.match(problemsOf({}, ['--port', '--guests', 'on']).join(), /"--port" needs a value/)
})

test('--help and --version print and start nothing, even where settings are wrong', () => {
  assert.deepEqual(read({ PORT: 'x' }, ['--version']), { outcome: 'print', text: '1.2.3\n' })
  assert.deepEqual(read({ PORT: 'x' }, ['--help']), { outcome: 'print', text: helpText() })
  assert.deepEqual(read({}, ['-h']), { outcome: 'print', text: helpText() })
})

test('--help lists every setting with its default, within 100 columns', (t) => {
  const text = helpText()
  for (const name of settingNames) {
    assert.match(text, new RegExp(`^ {2}${name}\\b`, 'm'))
    const fallback = fallbackOf(name, false)
    if (fallback !== undefined)
      assert.ok(text.replace(/\s+/g, ' ').includes(`Default: ${fallback}`))
  }
  for (const line of text.split('\n')) assert.ok(line.length <= 100, line)
  t.assert.fileSnapshot(text, `${import.meta.dirname}/config/help.snapshot.txt`, {
    serializers: [String],
  })
})

test('a previous secret stands beside another one, and is as strong', () => {
  const strong = 'correct horse battery staple, twice over'
  const other = 'another horse, another battery, 32 bytes'
  const given = { JWT_SECRET: strong, JWT_SECRET_PREVIOUS: other }
  assert.equal(configOf({ ...given, NODE_ENV: 'production' }).tokens.previousSecret, other)
  for (const wrong of [
    { JWT_SECRET_PREVIOUS: other },
    { JWT_SECRET: strong, JWT_SECRET_PREVIOUS: strong },
    { ...given, JWT_SECRET_PREVIOUS: 'weak', NODE_ENV: 'production' },
  ]) {
    const problems = problemsOf(wrong).join()
    assert.match(problems, /^JWT_SECRET_PREVIOUS is not usable \(its value is not shown\)/)
  }
})

test('any environment and command line gives a configuration or lines, never an exception', () => {
  const value = fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('on', '1', 'https://a'))
  const env = fc.dictionary(fc.constantFrom(...settingNames, 'REDIS_URL', 'MADANG_X'), value)
  const argv = fc.array(fc.oneof(value, fc.constantFrom('--port', '--guests=on', '--', '-', '-x')))
  fc.assert(
    fc.property(env, argv, (variables, args) => {
      const reading = read(variables, args)
      if (reading.outcome !== 'refused') return
      assert.ok(reading.problems.length > 0)
      for (const line of reading.problems) assert.doesNotMatch(line, /\p{Cc}/u)
    }),
  )
})
