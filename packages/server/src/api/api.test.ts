import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { LIMITS, RATES, ROUTES, type Route, type RouteName } from '@madang/protocol'
import { SESSION_COOKIE } from '../doors/session-cookie.ts'
import { frozenClock } from '../testing/clock.ts'
import { ask, type HttpAsk } from '../testing/http.ts'
import { createRestClient } from '../testing/rest-client.ts'
import { type StartedServer, startServer } from '../testing/start-server.ts'

const id = '01890a5d-ac96-774b-bcce-b302099a8057'
const names = Object.keys(ROUTES).filter((name): name is RouteName => name in ROUTES)
const pathOf = ({ path }: Route) => path.replaceAll(':seq', '1').replace(/:\w+/g, id)
const json = { 'content-type': 'application/json' }

describe('the HTTP door', () => {
  let server: StartedServer
  let token: string

  before(async () => {
    server = await startServer({ env: { CORS_ORIGIN: 'https://app.example' } })
    const { session } = await createRestClient(server.url).call('createGuest', {
      body: { name: 'Ann' },
    })
    token = session.token
  })
  after(() => server.stop())

  const to = (path: string, what?: HttpAsk) => ask(`${server.url}${path}`, what)
  const codeOf = (body: string): string => JSON.parse(body).code

  for (const name of names) {
    const route: Route = ROUTES[name]
    it(`serves ${route.method} ${route.path}${route.auth ? ', to those who are somebody' : ''}`, async () => {
      const method = route.method
      const body = route.body ? '{}' : undefined
      const what = { method, headers: body ? json : {}, ...(body && { body }) }
      const stranger = await to(pathOf(route), what)
      if (route.auth) assert.equal(codeOf(stranger.body), 'unauthenticated')
      else assert.equal(codeOf(stranger.body), 'invalid')
      if (!route.auth) return
      const headers = { ...what.headers, authorization: `Bearer ${token}` }
      const known = await to(pathOf(route), { ...what, headers })
      // Each of them found its handler: it was answered, or refused for what is in it.
      const isAnswered = known.status === route.status
      const isRefused = ['invalid', 'not_found', 'not_member', 'forbidden'].includes(
        codeOf(known.body),
      )
      assert.ok(isAnswered || isRefused, known.body)
      if (name === 'deleteSession') token = await newToken()
    })
  }

  const newToken = async () => {
    const { body } = await to('/api/guests', {
      method: 'POST',
      headers: json,
      body: '{"name":"Ann"}',
    })
    return String(JSON.parse(body).session.token)
  }

  it('serves nothing else under /api, by any method', async () => {
    for (const path of [
      '/api',
      '/api/',
      '/api/x',
      '/api/session/x',
      '/api//session',
      '/API/session',
    ]) {
      for (const method of ['GET', 'POST', 'DELETE']) {
        const { status } = await to(path, { method, headers: json })
        assert.equal(status, 404, `${method} ${path}`)
      }
    }
    for (const elsewhere of ['POST /api/session', 'GET /api/guests', 'PUT /api/unread']) {
      const [method = '', path = ''] = elsewhere.split(' ')
      assert.equal((await to(path, { method, headers: json })).status, 404, elsewhere)
    }
  })

  it('takes a bearer token or a cookie, and no other scheme', async () => {
    const session = (headers: Record<string, string>) => to('/api/session', { headers })
    assert.equal((await session({ authorization: `Bearer ${token}` })).status, 200)
    assert.equal((await session({ authorization: `bearer ${token}` })).status, 200)
    assert.equal((await session({ cookie: `a=b; ${SESSION_COOKIE}=${token}` })).status, 200)
    for (const authorization of [
      token,
      `Basic ${token}`,
      'Bearer ',
      `Bearer ${token} x`,
      'Bearer é',
    ]) {
      const headers = { authorization: Buffer.from(authorization).toString('latin1') }
      assert.equal((await session(headers)).status, 401, authorization)
    }
    const forged = await session({ cookie: `${SESSION_COOKIE}=x` })
    assert.equal(forged.status, 401)
    assert.equal(forged.headers['www-authenticate'], 'Bearer')
  })

  it('names the field that is wrong', async () => {
    const cases: [string, string, string][] = [
      ['POST', '/api/guests', '{}'],
      ['POST', '/api/guests', '{"name":5}'],
      ['POST', '/api/guests', '{"name":"a\\u202eb"}'],
    ]
    for (const [method, path, body] of cases) {
      const answer = await to(path, { method, headers: json, body })
      assert.deepEqual([answer.status, JSON.parse(answer.body).field], [400, 'name'])
    }
    const extra = await to('/api/guests', {
      method: 'POST',
      headers: json,
      body: '{"name":"a","role":"owner"}',
    })
    assert.equal(JSON.parse(extra.body).field, 'role')
    const authorization = `Bearer ${token}`
    const place = await to('/api/channels/nowhere', { headers: { authorization } })
    assert.equal(JSON.parse(place.body).field, 'channelId')
    const query = await to(`/api/channels/${id}/messages?limit=201`, { headers: { authorization } })
    assert.equal(JSON.parse(query.body).field, 'limit')
  })

  it('refuses bodies that are too large, too deep, no JSON, or not said to be JSON', async () => {
    const post = (body: string, headers: Record<string, string> = json) =>
      to('/api/guests', { method: 'POST', headers, body })
    const fill = (bytes: number) => `{"name":"${'a'.repeat(bytes - 11)}"}`
    assert.equal(codeOf((await post(fill(LIMITS.payloadBytesMax))).body), 'invalid')
    assert.equal(codeOf((await post(fill(LIMITS.payloadBytesMax + 1))).body), 'too_large')
    assert.equal(codeOf((await post('['.repeat(5_000))).body), 'too_deep')
    assert.equal(codeOf((await post('{"name"')).body), 'invalid')
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data']) {
      const answer = await post('{"name":"a"}', { 'content-type': type })
      assert.deepEqual([answer.status, JSON.parse(answer.body).field], [400, 'content-type'])
    }
  })

  it('answers any path, however broken', async () => {
    for (const path of [
      '/%',
      '/api/%zz',
      '/api/channels/%00',
      `/${'a'.repeat(5_000)}`,
      '/..%2f..%2fetc/passwd',
      '/api/channels/__proto__',
    ]) {
      const { status } = await to(path)
      assert.ok(status >= 400 && status < 500, `${path}: ${status}`)
    }
  })

  it('says in every answer what protects a browser, refusals included', async () => {
    for (const path of [
      '/',
      '/api/session',
      '/api/nothing',
      '/health/liveness',
      '/metrics',
      '/%',
    ]) {
      const { headers } = await to(path)
      assert.equal(headers['x-content-type-options'], 'nosniff', path)
      assert.match(String(headers['content-security-policy']), /frame-ancestors 'none'/, path)
      assert.match(String(headers['x-request-id']), /^[0-9a-f-]{36}$/, path)
      assert.equal(headers['x-powered-by'], undefined, path)
    }
  })

  it('explains itself at / to people, and refuses files that are not there', async () => {
    const page = await to('/', { headers: { accept: 'text/html' } })
    assert.equal(page.status, 200)
    assert.match(page.headers['content-type'] ?? '', /text\/html/)
    assert.match(page.body, /Madang/)
    assert.equal((await to('/nothing.js', { headers: { accept: '*/*' } })).status, 404)
    assert.equal((await to('/.env', { headers: { accept: 'text/html' } })).status, 404)
  })
})

describe('rates over HTTP', () => {
  it('hold back whoever guesses, with Retry-After', async () => {
    await using server = await startServer({ surroundings: { clock: frozenClock } })
    const guess = () =>
      ask(`${server.url}/api/sessions`, {
        method: 'POST',
        headers: json,
        body: '{"login":"a"}',
      })
    for (let i = 0; i < RATES.credentials.burst; i += 1) assert.equal((await guess()).status, 400)
    const refused = await guess()
    assert.equal(refused.status, 429)
    const { code, limit, retryAfterMs } = JSON.parse(refused.body)
    assert.deepEqual([code, limit], ['rate_limited', 'credentials'])
    assert.equal(refused.headers['retry-after'], String(Math.ceil(retryAfterMs / 1_000)))
    // A token that is no good costs the address, not the credentials.
    const session = await ask(`${server.url}/api/session`, {
      headers: { authorization: 'Bearer x' },
    })
    assert.equal(session.status, 401)
  })

  it('hold back one person, and nobody else', async () => {
    await using server = await startServer({ surroundings: { clock: frozenClock } })
    const stranger = createRestClient(server.url)
    const guest = async (name: string) => {
      const { session } = await stranger.call('createGuest', { body: { name } })
      return stranger.as(session.token)
    }
    const [ann, bob] = [await guest('Ann'), await guest('Bob')]
    const channelId = (await ann.call('listUnread')).channels[0]?.channelId ?? assert.fail()
    const say = (who: typeof ann, clientId: string) =>
      who.raw('createMessage', { params: { channelId }, body: { clientId, text: 'hi' } })
    const statuses = await Promise.all(
      Array.from({ length: RATES.person.burst + 5 }, (_, i) => say(ann, `c${i}`)),
    ).then((answers) => answers.map(({ status }) => status))
    assert.equal(statuses.filter((status) => status === 201).length, RATES.person.burst)
    assert.equal(statuses.filter((status) => status === 429).length, 5)
    assert.equal((await say(bob, 'b')).status, 201)
  })
})
