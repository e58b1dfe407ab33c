// The client's storage in a real browser's IndexedDB: several pages, of this version and another.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { stripTypeScriptTypes } from 'node:module'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { type BrowserContext, type Page, chromium as player } from 'playwright-core'
import { chromium } from '../services/chromium.ts'
import { need } from '../services/part.ts'

const part = await need(chromium)
const options = { skip: part.skip, timeout: 120_000 }
const SOURCES = join(import.meta.dirname, '../../packages/client/src')

/** Serves the client's sources as a browser understands them. */
async function serveSources(): Promise<string> {
  const server = createServer((request, response) => {
    const name = /^\/(\w[\w-]*\.ts)$/.exec(request.url ?? '')?.[1]
    response.setHeader('content-type', name ? 'text/javascript' : 'text/html')
    response.end(name ? stripTypeScriptTypes(readFileSync(join(SOURCES, name), 'utf8')) : PAGE)
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  after(() => server.close())
  const address = server.address()
  return `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}/`
}

/** A page with the storage in `window.storage`. */
const PAGE = `<!doctype html><script type="module">
  import { indexedStorage } from './indexed-storage.ts'
  window.storage = indexedStorage()
</script>`

async function context(): Promise<BrowserContext> {
  const browser = await player.launch({
    executablePath: part.at().path,
    args: ['--no-sandbox'],
    // Pages are put aside for "back", as they are for people.
    ignoreDefaultArgs: ['--disable-back-forward-cache'],
  })
  after(() => browser.close())
  return browser.newContext()
}

async function open(where: BrowserContext, url: string): Promise<Page> {
  const page = await where.newPage()
  await page.goto(url)
  await page.waitForFunction('window.storage !== undefined')
  return page
}

/** What a page's code resolves to, or the name of the error that it rejects with. */
const run = (page: Page, code: string): Promise<unknown> =>
  page.evaluate(`(async () => { ${code} })().catch((error) => 'rejected: ' + error.name)`)

/** Opens the database in another layout, as a page of another version would. */
const inLayout = (layout: number): string => `
  await new Promise((resolve, reject) => {
    const request = indexedDB.open('madang', ${layout})
    request.onupgradeneeded = () => {
      if (!request.result.objectStoreNames.contains('values')) request.result.createObjectStore('values')
    }
    request.onsuccess = () => { window.held = request.result; resolve() }
    request.onerror = () => reject(request.error)
  })
  return 'opened'`

test(
  'pages that change one value at the same moment undo nothing of each other',
  options,
  async () => {
    const [where, url] = await Promise.all([context(), serveSources()])
    const pages = await Promise.all([1, 2, 3, 4].map(() => open(where, url)))
    const add = `await Promise.all(Array.from({ length: 50 }, () =>
    window.storage.update('count', (value) => String(Number(value ?? 0) + 1))))`
    await Promise.all(pages.map((page) => run(page, add)))
    for (const page of pages) {
      assert.equal(await run(page, "return window.storage.get('count')"), '200')
      await page.reload()
      await page.waitForFunction('window.storage !== undefined')
      assert.equal(await run(page, "return window.storage.get('count')"), '200')
    }
    const [page] = pages
    assert.ok(page)
    await run(page, "await window.storage.update('count', () => undefined)")
    assert.equal(
      await run(page, "return (await window.storage.get('count')) ?? 'nothing'"),
      'nothing',
    )
  },
)

test('a change that throws changes nothing, and the next one works', options, async () => {
  const [where, url] = await Promise.all([context(), serveSources()])
  const page = await open(where, url)
  await run(page, "await window.storage.set('a', '1')")
  const thrown = "await window.storage.update('a', () => { throw new Error('no') })"
  assert.match(String(await run(page, thrown)), /^rejected: /)
  assert.equal(await run(page, "return window.storage.get('a')"), '1')
})

test(
  'an old page lets go for a newer one at once, and then says that it cannot store',
  options,
  async () => {
    const [where, url] = await Promise.all([context(), serveSources()])
    const old = await open(where, url)
    await run(old, "await window.storage.set('a', '1')")
    const newer = await open(where, url)
    assert.equal(await run(newer, inLayout(2)), 'opened')
    assert.equal(await run(old, "return window.storage.get('a')"), 'rejected: VersionError')
  },
)

test(
  'a page that holds an older layout open stops nobody: it is said, and overcome when it goes',
  options,
  async () => {
    const [where, url] = await Promise.all([context(), serveSources()])
    const holding = await open(where, url)
    const request =
      "new Promise((resolve) => { const request = indexedDB.deleteDatabase('madang'); request.onsuccess = resolve })"
    await run(holding, `await ${request}; ${inLayout(1)}`)
    // It is being deleted under a page that does not let go, and so is no one's for a while.
    const waiting = await open(where, url)
    await run(waiting, `window.deleting = ${request}`)
    const blocked = run(waiting, "await window.storage.set('a', '1'); return 'stored'")
    await run(holding, 'window.held.close()')
    assert.equal(await blocked, 'stored')
  },
)

test('a browser without IndexedDB is told of by name', options, async () => {
  const [where, url] = await Promise.all([context(), serveSources()])
  await where.addInitScript(
    "Object.defineProperty(window, 'indexedDB', { get() { throw new DOMException('no', 'SecurityError') } })",
  )
  const page = await open(where, url)
  assert.equal(await run(page, "return window.storage.get('a')"), 'rejected: SecurityError')
})

test(
  'somebody clears the site’s data under an open page: the next access begins with an empty database',
  options,
  async () => {
    const [where, url] = await Promise.all([context(), serveSources()])
    const page = await open(where, url)
    await run(page, "await window.storage.set('a', '1')")
    const devtools = await where.newCDPSession(page)
    const { origin } = new URL(url)
    await devtools.send('Storage.clearDataForOrigin', { origin, storageTypes: 'indexeddb' })
    assert.equal(await run(page, "return (await window.storage.get('a')) ?? 'nothing'"), 'nothing')
    await run(page, "await window.storage.set('a', '2')")
    assert.equal(await run(page, "return window.storage.get('a')"), '2')
  },
)

test('a browser that is full says so by name, and keeps what there was', options, async () => {
  const [where, url] = await Promise.all([context(), serveSources()])
  const page = await open(where, url)
  const devtools = await where.newCDPSession(page)
  const { origin } = new URL(url)
  await devtools.send('Storage.overrideQuotaForOrigin', { origin, quotaSize: 100_000 })
  await run(page, "await window.storage.set('a', '1')")
  const store = "await window.storage.set('a', 'much '.repeat(1_000_000)); return 'stored'"
  assert.equal(await run(page, store), 'rejected: QuotaExceededError')
  assert.equal(await run(page, "return window.storage.get('a')"), '1')
  await run(page, "await window.storage.set('a', '2')")
  assert.equal(await run(page, "return window.storage.get('a')"), '2')
})

test('whoever comes back to a page that the browser had put aside stores on', options, async () => {
  const [where, url] = await Promise.all([context(), serveSources()])
  const page = await open(where, url)
  await run(page, "await window.storage.set('a', '1'); window.life = 'first'")
  await page.goto(`${url}other`)
  await page.goBack({ waitUntil: 'commit' })
  await page.waitForFunction('window.storage !== undefined')
  assert.equal(await run(page, 'return window.life'), 'first', 'it is the same page')
  await run(page, "await window.storage.set('a', '2')")
  assert.equal(await run(page, "return window.storage.get('a')"), '2')
})
