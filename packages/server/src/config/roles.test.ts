import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type ConfigInput, readConfig } from '../config.ts'

const strong = 'k3Vb9wQx7ZpL2mNs8RtY4uHj6GfD1cAe'
const other = 'Qw8ErT2yUi5OpA7sDf4GhJ9kLz3XcV6b'
const API_URL = 'http://api.internal:3000'

function read(env: ConfigInput['env'], argv: readonly string[] = []) {
  return readConfig({ argv, env, cwd: '/somewhere', version: '1.2.3' })
}

function problemsOf(env: ConfigInput['env']): string {
  const reading = read(env)
  assert.equal(reading.outcome, 'refused', JSON.stringify(reading))
  return reading.outcome === 'refused' ? reading.problems.join('\n') : assert.fail()
}

function configOf(env: ConfigInput['env'], argv: readonly string[] = []) {
  const reading = read(env, argv)
  assert.equal(reading.outcome, 'config', JSON.stringify(reading))
  return reading.outcome === 'config' ? reading.config : assert.fail()
}

test('a gateway knows its API process, and the secret of both', () => {
  const config = configOf({ API_URL, API_SECRET: strong }, ['--roles', 'gateway'])
  assert.deepEqual(
    [config.roles, config.store],
    [
      { gateway: true, api: false },
      { kind: 'remote', url: API_URL, secret: strong },
    ],
  )
})

test('an API process needs the secret, and nobody else', () => {
  const config = configOf({ ROLES: 'api', API_SECRET: `${strong}, ${other}` })
  assert.deepEqual([config.roles.gateway, config.apiSecrets], [false, [strong, other]])
  assert.match(problemsOf({ ROLES: 'api' }), /^API_SECRET is not set, but gateways and the API/)
  assert.match(problemsOf({ ROLES: 'gateway', API_URL }), /^API_SECRET is not set/)
  assert.deepEqual(configOf({}).apiSecrets, [])
})

test('what contradicts itself is refused', () => {
  const API_SECRET = strong
  assert.match(
    problemsOf({ ROLES: 'gateway', API_SECRET }),
    /^API_URL is not set, but with ROLES=g/,
  )
  assert.match(problemsOf({ API_URL, API_SECRET }), /^API_URL is set, but this process keeps the/)
  assert.match(
    problemsOf({ ROLES: 'gateway', API_URL, API_SECRET, DATABASE_URL: 'postgres://db/madang' }),
    /DATABASE_URL is set beside API_URL, but a gateway owns no database/,
  )
})

test('a weak secret is refused in production, and never shown', () => {
  const API_SECRET = `${strong},tell-nobody`
  const production = problemsOf({ NODE_ENV: 'production', ROLES: 'api', API_SECRET })
  assert.match(production, /^API_SECRET is not usable \(its value is not shown\)/)
  assert.doesNotMatch(production, /tell-nobody/)
  assert.match(configOf({ ROLES: 'api', API_SECRET }).warnings.join(), /API_SECRET is weak/)
  for (const wrong of ['a b', `${strong},`, `${strong},${other},${strong}`, 'ä'.repeat(40)]) {
    assert.match(problemsOf({ API_SECRET: wrong }), /^API_SECRET is not usable/)
  }
})
