// The hooks of the client's tarball in a real browser: React's concurrent rendering has no other place to be itself.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { startServer } from '@madang/server/testing'
import { type Page, chromium as player } from 'playwright-core'
import { chromium } from '../tests/services/chromium.ts'
import { need } from '../tests/services/part.ts'
import { packedApp } from './packed.case.ts'
import { REACT_PAGE } from './react-page.case.ts'
import { ROOT } from './steps.ts'

const LIMIT = { timeout: 180_000 }
const browserPart = await need(chromium)
const skip = browserPart.skip
const README = readFileSync(join(ROOT, 'packages/client/README.md'), 'utf8')

/** The folder of a built page. */
function buildPage(): string {
  const app = packedApp('client')
  app.write('channel.tsx', README.split('```tsx\n')[1]?.split('```')[0] ?? '')
  app.write('main.tsx', REACT_PAGE)
  app.write('index.html', '<div id="root"></div><script type="module" src="/main.tsx"></script>')
  app.write(
    'vite.config.js',
    "import react from '@vitejs/plugin-react'\nexport default { plugins: [react()] }",
  )
  app.write('.env.development', 'NODE_ENV=development')
  // The development build of React, which is the one that runs everything twice in strict mode.
  const { status, output } = app.run([
    join(ROOT, 'node_modules/vite/bin/vite.js'),
    ...['build', '--mode', 'development', '--minify', 'false'],
  ])
  assert.equal(status, 0, output)
  return join(app.folder, 'dist')
}

async function stage() {
  const browser = await player.launch({
    executablePath: browserPart.at().path,
    args: ['--no-sandbox'],
  })
  const server = await startServer({ surroundings: { webFolder: buildPage() } })
  after(async () => {
    await browser.close()
    await server.stop()
  })
  const faults: string[] = []
  return {
    faults,
    async visit(hash: string): Promise<Page> {
      const page = await (await browser.newContext({ bypassCSP: true })).newPage()
      page.on('pageerror', (error) => faults.push(String(error)))
      page.on('console', (line) => {
        // There is no icon.
        if (/Failed to load resource/.test(line.text())) return
        if (line.type() === 'error' || line.type() === 'warning') faults.push(line.text())
      })
      await page.goto(`${server.url}/#${hash}`)
      return page
    },
  }
}

const made = skip ? undefined : await stage()
const ready = (): NonNullable<typeof made> => made ?? assert.fail('there is no browser')

/** The channel that every guest is in. */
async function hall(): Promise<string> {
  const page = await ready().visit('hall')
  const id = await page.locator('[data-hall]').getAttribute('data-hall')
  return id ?? ''
}

test('the channel of the README, in strict mode: two people talk, and a reload keeps the place', {
  ...LIMIT,
  skip,
}, async () => {
  const { visit, faults } = ready()
  const id = await hall()
  const ann = await visit(`readme:${id}`)
  const other = await visit(`readme:${id}`)
  await ann.locator('input[name=text]').fill('hello')
  await ann.locator('input[name=text]').press('Enter')
  for (const page of [ann, other]) await page.getByText('Ann: hello (sent)').waitFor()
  await ann.reload()
  await ann.getByText('Ann: hello (sent)').waitFor()
  assert.equal(await ann.locator('p').count(), 1)
  assert.deepEqual(faults, [])
})

test('what is drawn together shows one state, however slow the drawing and fast the talk', {
  ...LIMIT,
  skip,
}, async () => {
  const { visit, faults } = ready()
  const page = await visit(`together:${await hall()}`)
  await page.waitForFunction('window.seen.total >= 16 && window.seen.transitions > 20')
  const seen = await page.evaluate<{ torn: string[]; commits: number }>('window.seen')
  assert.deepEqual(seen.torn, [])
  assert.ok(seen.commits > 20)
  assert.deepEqual(faults, [])
})

test('what strict mode opens twice and closes once is open, and closed when it is taken away', {
  ...LIMIT,
  skip,
}, async () => {
  const { visit, faults } = ready()
  const page = await visit(`opened:${await hall()}`)
  await page.getByText('shown').waitFor()
  assert.deepEqual(await page.evaluate('window.balance'), { opened: 2, closed: 1 })
  await page.getByRole('button', { name: 'take away' }).click()
  await page.waitForFunction('window.balance.closed === 2')
  assert.deepEqual(faults, [])
})
