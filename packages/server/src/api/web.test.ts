import assert from 'node:assert/strict'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { ask } from '../testing/http.ts'
import { type StartedServer, startServer } from '../testing/start-server.ts'

const html = { accept: 'text/html,*/*' }

describe('a web app that was built', () => {
  let folder: string
  let server: StartedServer

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'madang-web-'))
    await mkdir(join(folder, 'dist/assets'), { recursive: true })
    await writeFile(join(folder, 'secret.txt'), 'outside')
    await writeFile(join(folder, 'dist/index.html'), '<!doctype html><title>app</title>')
    await writeFile(join(folder, 'dist/favicon.svg'), '<svg/>')
    await writeFile(join(folder, 'dist/.hidden'), 'hidden')
    await writeFile(join(folder, 'dist/assets/index-B3x9.js'), 'export {}')
    server = await startServer({ surroundings: { webFolder: join(folder, 'dist') } })
  })
  after(async () => {
    await server.stop()
    await rm(folder, { recursive: true })
  })

  const get = (path: string, headers: Record<string, string> = html) =>
    ask(`${server.url}${path}`, { headers })

  it('is served at /, and asked for anew every time', async () => {
    const { status, body, headers } = await get('/')
    assert.deepEqual([status, body], [200, '<!doctype html><title>app</title>'])
    assert.equal(headers['cache-control'], 'no-cache')
    assert.match(String(headers['content-security-policy']), /script-src 'self'/)
  })

  it('keeps files with a hash in their name for a year', async () => {
    const { status, headers } = await get('/assets/index-B3x9.js')
    assert.equal(status, 200)
    assert.match(headers['content-type'] ?? '', /javascript/)
    assert.equal(headers['cache-control'], 'public, max-age=31536000, immutable')
    assert.equal((await get('/favicon.svg')).headers['cache-control'], 'no-cache')
  })

  it('is served at every place that its own router knows', async () => {
    for (const path of ['/c/01890a5d', '/settings?tab=1', '/apiary', '/communities/a/b']) {
      assert.match((await get(path)).body, /<title>app/, path)
    }
  })

  it('is not served where something else was asked for', async () => {
    for (const path of [
      '/api/nothing',
      '/health/nothing',
      '/metrics/x',
      '/assets/gone-1.js',
      '/x.png',
    ]) {
      const { status, body } = await get(path)
      assert.deepEqual([status, JSON.parse(body).code], [404, 'not_found'], path)
    }
    assert.equal((await get('/c/x', { accept: 'application/json' })).status, 404)
    const posted = await ask(`${server.url}/`, { method: 'POST', headers: html })
    assert.equal(posted.status, 404)
  })

  it('lets nobody out of its folder, or at its hidden files', async () => {
    const paths = [
      '/../secret.txt',
      '/%2e%2e/secret.txt',
      '/..%2fsecret.txt',
      '/assets/..%5c..%5csecret.txt',
      '/.hidden',
    ]
    for (const path of paths) {
      const { status, body } = await get(path)
      assert.doesNotMatch(body, /outside|hidden/, path)
      assert.notEqual(status, 500, path)
    }
  })
})
