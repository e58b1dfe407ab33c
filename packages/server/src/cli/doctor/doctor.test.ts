import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { need, type Running } from '../../../../../tests/services/part.ts'
import { postgres } from '../../../../../tests/services/postgres.ts'
import { redis } from '../../../../../tests/services/redis.ts'
import { tell } from '../../../../../tests/services/redis-talk.ts'
import { runCli } from '../../testing/run-cli.ts'
import { natsInfo, redisBuffers, redisVersion } from './broker.ts'
import type { Finding } from './finding.ts'
import { nodeFindings } from './machine.ts'

const [database, broker] = [await need(postgres), await need(redis)]
const skip = database.skip || broker.skip
const strong = 'k3Vb9wQx7ZpL2mNs8RtY4uHj6GfD1cAe'
const GOOD_NGINX = join(import.meta.dirname, '../../../../../deploy/nginx/round-robin.conf')

async function running(t: TestContext, starting: Promise<Running>): Promise<string> {
  const part = await starting
  t.after(() => part.stop())
  return part.url
}

async function folder(t: TestContext): Promise<string> {
  const made = await mkdtemp(join(tmpdir(), 'madang-doctor-'))
  t.after(() => rm(made, { recursive: true, force: true }))
  return made
}

async function examine(env: Record<string, string>, args: readonly string[] = [], cwd?: string) {
  const given = { env, ...(cwd !== undefined && { cwd }) }
  const { code, out, err } = await runCli(['doctor', '--json', ...args], given)
  assert.equal(err, '')
  const findings: Finding[] = JSON.parse(out)
  return { code, findings, codes: findings.map((finding) => finding.code).toSorted() }
}

test('a healthy setup has nothing to do', { skip }, async (t) => {
  const env = {
    NODE_ENV: 'production',
    HOST: '127.0.0.1',
    PORT: '0',
    DATABASE_URL: await running(t, postgres.start()),
    REDIS_URL: await running(t, redis.start()),
    JWT_SECRET: strong,
    METRICS_TOKEN: 'sixteen-letters-',
    CORS_ORIGIN: 'https://chat.example',
    TRUST_PROXY: '1',
  }
  const args = ['--nginx', GOOD_NGINX, '--connections', '100']
  assert.deepEqual(await examine(env, args), { code: 0, findings: [], codes: [] })
  const { code, out } = await runCli(['doctor', '--strict', ...args], { env })
  assert.deepEqual([code, out], [0, 'Nothing to do.\n'])
})

test('everything that is wrong is found at once, each with what to do', { skip }, async (t) => {
  const here = await folder(t)
  await writeFile(join(here, '.env'), 'LOG_LEVEL=info\n', { mode: 0o644 })
  const nginx = join(here, 'nginx.conf')
  await writeFile(
    nginx,
    'upstream m { server a:3000; } server { location / { proxy_pass http://m; proxy_read_timeout 30s; } }',
  )
  const other = createServer((_, response) => response.end('something else'))
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve))
  t.after(() => {
    other.closeAllConnections()
    other.close()
  })
  const url = await running(
    t,
    postgres.start({
      args: ['-c', 'fsync=off', '-c', 'synchronous_commit=off', '-c', 'max_connections=15'],
    }),
  )
  const env = {
    HOST: '127.0.0.1',
    PORT: String((other.address() as AddressInfo).port),
    INTERNAL_HOST: '203.0.113.7',
    GUESTS: 'maybe',
    CORS_ORIGIN: 'https://a.example/path',
    JWT_SECRET: 'change-me',
    DATABASE_URL: url,
    REDIS_URL: 'redis://127.0.0.1:9',
  }
  const { code, codes, findings } = await examine(
    env,
    ['--nginx', nginx, '--connections', '900000000'],
    here,
  )
  assert.equal(code, 2)
  assert.deepEqual(codes, [
    'broker-away',
    'env-file-open',
    'file-limit',
    'internal-host-wrong',
    'nginx-buffering',
    'nginx-forwarded-for',
    'nginx-host',
    'nginx-http-version',
    'nginx-max-fails',
    'nginx-proxy-read-timeout',
    'nginx-upgrade',
    'not-production',
    'port-taken',
    'postgres-connections',
    'postgres-fsync',
    'postgres-synchronous-commit',
    'setting-refused',
    'setting-refused',
    'weak-secret',
  ])
  for (const { text, remedy } of findings) {
    assert.match(text, /\.$/)
    assert.ok(remedy.length > 5)
    assert.doesNotMatch(text + remedy, /change-me|undefined|\[object/)
  }
  const severities = findings.map(({ severity }) => severity)
  assert.deepEqual(severities, severities.toSorted(), 'errors come first')
})

test('a broker that lets nobody publish is told, and what is away is told', { skip }, async (t) => {
  const url = await running(t, redis.start())
  await tell(Number(new URL(url).port), 'ACL SETUSER default -publish -spublish')
  const data = { DATA_DIR: await folder(t), PORT: '0' }
  const closed = await examine({ ...data, REDIS_URL: url })
  assert.ok(closed.codes.includes('broker-permission'), closed.codes.join())
  const away = await examine({ ...data, DATABASE_URL: 'postgres://u:hidden@127.0.0.1:9/none' })
  const found = away.findings.find(({ code }) => code === 'database-away')
  assert.match(found?.text ?? '', /127\.0\.0\.1:9\/none.*ECONNREFUSED/)
  assert.doesNotMatch(JSON.stringify(away.findings), /hidden/)
})

test('a running Madang does not take its own port', async (t) => {
  const alive = createServer((_, response) => response.end('{"status":"alive"}\n'))
  await new Promise<void>((resolve) => alive.listen(0, '127.0.0.1', resolve))
  t.after(() => {
    alive.closeAllConnections()
    alive.close()
  })
  const env = { HOST: '127.0.0.1', PORT: String((alive.address() as AddressInfo).port) }
  const { code, codes } = await examine({ ...env, DATA_DIR: await folder(t) }, [
    '--connections',
    '10',
  ])
  assert.deepEqual([code, codes], [0, ['not-production']])
  const strict = await runCli(['doctor', '--strict', '--connections', '10'], {
    env: { ...env, DATA_DIR: tmpdir() },
  })
  assert.equal(strict.code, 2)
  assert.match(strict.out, /^WARNING not-production\n[\s\S]*0 errors, 1 warning\.\n$/)
})

test('what servers say of themselves', () => {
  assert.deepEqual(redisVersion('redis_version:7.0.15\r\n'), [])
  assert.equal(redisVersion('# Server\r\nredis_version:6.2.1\r\n')[0]?.code, 'redis-version')
  const limits = (pubsub: string) => ['client-output-buffer-limit', `normal 0 0 0 pubsub ${pubsub}`]
  assert.deepEqual(redisBuffers(limits('33554432 8388608 60')), [])
  assert.deepEqual(redisBuffers(limits('0 0 0')), [])
  assert.equal(redisBuffers(limits('1048576 0 0'))[0]?.code, 'redis-output-buffer')
  assert.deepEqual(redisBuffers(undefined), [])
  assert.deepEqual(natsInfo('INFO {"version":"2.10.0","max_payload":1048576}\r\n'), [])
  assert.equal(natsInfo('INFO {"max_payload":1024}\r\n')[0]?.code, 'nats-payload')
  assert.deepEqual(nodeFindings('26.10.0'), [])
  assert.deepEqual(nodeFindings('24.16.0'), [])
  assert.equal(nodeFindings('24.15.9')[0]?.code, 'node-version')
})
