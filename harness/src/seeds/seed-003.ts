/** Horizontal scaling with Redis and nginx: two servers, one Redis, with and without `ip_hash`. */

import { nginx } from '../../../tests/services/nginx.ts'
import { redis } from '../../../tests/services/redis.ts'
import { tell } from '../../../tests/services/redis-talk.ts'
import { converse } from '../../../tests/topology/transports.ts'
import { type Claim, type Seed, seen } from './claim.ts'
import { deployFiles } from './deploy-files.ts'
import { type Ground, until } from './ground.ts'
import { metricOf, readinessOf } from './pages.ts'
import { twoClients } from './rooms.ts'
import { playScenario } from './scenario.ts'
import { Talk } from './talk.ts'

const seed = '003'

/** The upstream of the write-up, with its own parameters; the rest is what any proxy before websockets needs. */
const THEIR_NGINX = `
upstream app_backend {
    ip_hash;
    server app:3000 max_fails=3 fail_timeout=30s;
    keepalive 32;
}
map $http_upgrade $connection_upgrade { default upgrade; '' ''; }
server {
    listen 80;
    location / {
        proxy_pass http://app_backend;
        proxy_http_version 1.1;
        proxy_set_header Host $http_host;
        proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
        proxy_set_header Upgrade $http_upgrade;
        proxy_set_header Connection $connection_upgrade;
    }
}
`

export async function twoServers(ground: Ground) {
  const carrier = ground.keep(await redis.start())
  const env = { REDIS_URL: carrier.url, TRUST_PROXY: '1', DIALECTS: 'rooms' }
  const first = await ground.node({ ...env, NODE_ID: 'server-1' }, { data: 'two-servers' })
  const second = await ground.node({ ...env, NODE_ID: 'server-2' }, { data: 'two-servers' })
  const nodes = [first, second] as const
  const isReady = async () =>
    (await Promise.all(nodes.map(({ url }) => readinessOf(url)))).every(
      (one) => one === '200 ready',
    )
  await until('both servers ready', isReady)
  return { carrier, nodes, urls: nodes.map(({ url }) => url), isReady }
}

const acrossServers: Claim = {
  seed,
  says: 'A message of a client at server 1 reaches the client at server 2',
  does: 'two servers, one Redis, a client at each; each talks, and hears the other',
  needs: [redis],
  async try(ground) {
    const { nodes, urls } = await ground.once(twoServers)
    const talk = await Talk.between(ground, urls)
    for (let round = 0; round < ground.size(5, 2); round++) await talk.round(`round ${round}`)
    const frames = await metricOf(nodes[1].url, 'madang_feed_total', 'what="frame_received"')
    return seen(
      `${talk.said} messages at both, in one order; longest ${talk.takeLongestMs()} ms; server 2 had ${frames} frames from Redis`,
      { 'all of it, once, in order': talk.isWhole, 'Redis carried it': frames > 0 },
    )
  },
}

const theirTest: Claim = {
  seed,
  says: 'The two-client test of the write-up: joinRoom, sendMessage, message',
  does: 'its code as it stands, once with a client at each server, once with both at nginx',
  needs: [redis, nginx],
  async try(ground) {
    const { urls } = await ground.once(twoServers)
    const [first = '', second = ''] = urls
    const proxy = await ground.nginx({ file: 'round-robin.conf' }, urls)
    const [direct, behind] = [
      await twoClients(ground, first, second),
      await twoClients(ground, proxy.url, proxy.url),
    ]
    await proxy.stop()
    const shown = ({ roomId, content, type }: (typeof direct)[number]) =>
      `${roomId}, ${type}, ${content}`
    return seen(
      `Socket 2 received ${direct.length} (${direct.map(shown).join()}); behind nginx ${behind.length}`,
      { 'once each': direct.length === 1 && behind.length === 1 },
    )
  },
}

const theirLoad: Claim = {
  seed,
  says: 'The Artillery scenario: warm-up, then load; joinRoom and sendMessage over websocket',
  does: 'examples/artillery/warm-up-then-50.yml through nginx, in small: its events in its order, shorter phases',
  needs: [redis, nginx],
  async try(ground) {
    const { urls } = await ground.once(twoServers)
    const proxy = await ground.nginx({ file: 'round-robin.conf' }, urls)
    const result = await playScenario(ground, 'warm-up-then-50.yml', proxy.url)
    await proxy.stop()
    return result
  },
}

const behindNginx = (
  says: string,
  does: string,
  conf: Parameters<Ground['nginx']>[0],
  serversUsed: number,
): Claim => ({
  seed,
  says,
  does,
  needs: [redis, nginx],
  async try(ground) {
    const { nodes, urls } = await ground.once(twoServers)
    const handshakes = () =>
      Promise.all(nodes.map(({ url }) => metricOf(url, 'madang_handshakes_total')))
    const before = await handshakes()
    const proxy = await ground.nginx(conf, urls)
    const each = ground.size(30, 8)
    await converse(proxy.url, each)
    const came = (await handshakes()).map((now, at) => now - (before[at] || 0))
    const used = came.filter((count) => count > 0).length
    await proxy.stop()
    return seen(
      `${each} polling, ${each} upgrading, ${each} websocket: nobody was refused or cut off, all saw all in order; handshakes at the servers: ${came.join(' and ')}`,
      { [`${serversUsed} of 2 servers used`]: used === serversUsed },
    )
  },
})

const health: Claim = {
  seed,
  says: '/health/liveness and /health/readiness say how the server is',
  does: 'GET both, of both servers',
  needs: [redis],
  async try(ground) {
    const { urls } = await ground.once(twoServers)
    const lives = await Promise.all(
      urls.map(async (url) => (await fetch(`${url}/health/liveness`)).status),
    )
    const ready = await Promise.all(urls.map(readinessOf))
    return seen(`liveness ${lives.join(', ')}; readiness ${ready.join(', ')}`, {
      alive: lives.every((status) => status === 200),
      ready: ready.every((one) => one === '200 ready'),
    })
  },
}

const NAMES = ['redis_connection_status', 'http_active_connections', 'http_requests_total'] as const

const metrics: Claim = {
  seed,
  says: '/metrics has redis_connection_status, http_active_connections, http_requests_total',
  does: 'GET /metrics, ten requests, GET /metrics again',
  needs: [redis],
  async try(ground) {
    const { nodes } = await ground.once(twoServers)
    const [{ url }] = nodes
    const look = () => Promise.all(NAMES.map((name) => metricOf(url, name)))
    const [status, , before = Number.NaN] = await look()
    for (let at = 0; at < 10; at++) await (await fetch(`${url}/health/liveness`)).text()
    const [, open = Number.NaN, after = Number.NaN] = await look()
    return seen(
      `redis_connection_status ${status}, http_active_connections ${open}, http_requests_total ${before}, then ${after}`,
      { connected: status === 1, 'connections counted': open > 0, counts: after >= before + 10 },
    )
  },
}

const redisDies: Claim = {
  seed,
  says: 'Redis down: the server warns, goes on alone, and recovers',
  does: 'Redis killed while two clients talk across the servers; a third server started without it; Redis started again',
  needs: [redis],
  async try(ground) {
    const { carrier, nodes, urls, isReady } = await ground.once(twoServers)
    const talk = await Talk.between(ground, urls)
    await talk.round('before')
    talk.takeLongestMs()
    await carrier.kill()
    await until('a readiness that is degraded', async () =>
      (await readinessOf(nodes[0].url)).endsWith('degraded'),
    )
    const during = await readinessOf(nodes[0].url)
    const status = await metricOf(nodes[0].url, 'redis_connection_status')
    await talk.round('meanwhile')
    const longestMs = talk.takeLongestMs()
    const env = { REDIS_URL: carrier.url }
    const third = await ground.node(env, { data: 'two-servers' })
    const alone = await readinessOf(third.url)
    const warned = /"level":"warn"[^\n]*The broker is away/.test(nodes[0].server.output())
    await carrier.restart()
    await until('both servers ready again', isReady)
    await talk.round('afterwards')
    const back = await metricOf(nodes[0].url, 'redis_connection_status')
    await third.stop()
    return seen(
      `away: ${during}, redis_connection_status ${status}, a message took ${longestMs} ms at most; a server started meanwhile: ${alone}; back: status ${back}; ${talk.said} messages, none lost`,
      {
        'serves on': during === '200 degraded' && alone === '200 degraded',
        'status 0, then 1': status === 0 && back === 1,
        'a warning in the log': warned,
        'all of it, once, in order': talk.isWhole,
      },
    )
  },
}

const sessions: Claim = {
  seed,
  says: 'Sessions are shared: signed in at one server is signed in at the other',
  does: 'a guest made at server 1 asks at server 2 with the cookie, connects there, and signs out at server 1',
  needs: [redis],
  async try(ground) {
    const { urls } = await ground.once(twoServers)
    const [first = '', second = ''] = urls
    const made = await fetch(`${first}/api/guests`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ name: 'Sora' }),
    })
    const cookie = (made.headers.getSetCookie()[0] ?? '').split(';')[0] ?? ''
    const ask = (url: string, method: string) =>
      fetch(`${url}/api/session`, { method, headers: { cookie, origin: url } })
    const there = await ask(second, 'GET')
    const { person } = (await there.json()) as { person?: { name: string } }
    const out = await ask(first, 'DELETE')
    await until(
      'the end of the session at server 2',
      async () => (await ask(second, 'GET')).status === 401,
    )
    return seen(
      `server 2: ${there.status} ${person?.name}; signed out at server 1: ${out.status}; then server 2: 401`,
      { 'the same person': there.ok && person?.name === 'Sora', 'signed out': out.ok },
    )
  },
}

const inRedis: Claim = {
  seed,
  says: 'Redis shows what it carries: CLIENT LIST, PUBSUB CHANNELS, PUBSUB NUMSUB',
  does: 'asks Redis while a client is in a channel at each server',
  needs: [redis],
  async try(ground) {
    const { carrier, urls } = await ground.once(twoServers)
    const channels = async () => Number(await tell(carrier.port, 'PUBSUB CHANNELS madang*'))
    const talk = await Talk.between(ground, urls)
    await talk.round('look')
    const clients = (await tell(carrier.port, 'CLIENT LIST')).trim().split('\n').length
    const now = await channels()
    return seen(`${clients} connections, ${now} channels named madang*`, {
      'both servers are connected': clients >= 2,
      'channels are subscribed to': now > 0,
    })
  },
}

const deployed: Claim = {
  seed,
  says: 'Compose, Kubernetes, PM2 and Swarm files',
  does: 'tests/deploy holds each file to its format and to the server: settings, probes, grace periods',
  try: deployFiles,
}

export const seed003: Seed = {
  name: seed,
  title: 'horizontal scaling: nginx, two servers, Redis',
  claims: [
    acrossServers,
    theirTest,
    behindNginx(
      'nginx with ip_hash keeps one address at one server',
      'clients of each transport through the write-up’s upstream (ip_hash, max_fails=3, keepalive 32)',
      { text: THEIR_NGINX },
      1,
    ),
    behindNginx(
      'Without ip_hash it works as well: no sticky session is needed',
      'the same through deploy/nginx/round-robin.conf',
      { file: 'round-robin.conf' },
      2,
    ),
    health,
    metrics,
    sessions,
    inRedis,
    redisDies,
    theirLoad,
    deployed,
  ],
}
