// What browsers do to the one connection of all tabs: they kill its worker, and run two versions of the application side by side.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Page } from 'playwright-core'
import { chromium } from '../services/chromium.ts'
import { need } from '../services/part.ts'
import { eventually } from './eventually.ts'
import { sockets } from './sockets.ts'
import { play } from './stage.ts'
import type { Visitor } from './visitor.ts'

const browser = await need(chromium)
const path = () => browser.at().path
const skip = browser.skip

test(
  'the browser kills the worker that holds the connection: another takes its place, and nothing is lost or said twice',
  { skip },
  play(path, async (stage) => {
    const mina = await stage.guest('Mina')
    const jun = await stage.guest('Jun')
    const second = await stage.secondWindow(mina)
    const said: string[] = []
    const say = async (by: Visitor, text: string): Promise<void> => {
      said.push(text)
      await by.send(text)
    }
    await say(mina, 'before')
    await jun.sees(...said)
    for (let round = 1; round <= 2; round++) {
      await killWorker(mina.page)
      await say(second, `round ${round}, by the second window`)
      await say(mina, `round ${round}, by the first one`)
      await eventually(async () => {
        for (const each of [mina, second, jun]) {
          const texts = await each.texts()
          assert.deepEqual([...texts].sort(), [...said].sort())
        }
      })
    }
  }),
)

test(
  'two versions of the application in two tabs: each sees all, and what one leaves unsent is sent once',
  { skip },
  play(path, async (stage) => {
    const mina = await stage.guest('Mina')
    const jun = await stage.guest('Jun')
    const newer = await stage.secondWindow(mina)
    await asAnotherVersion(newer.page)
    await newer.composer.waitFor()
    // One of each of Mina's tabs, and Jun's.
    await eventually(async () => assert.equal(await sockets(mina), 3))
    await mina.send('from the old version')
    await jun.sees('from the old version')
    await newer.send('from the new version')
    for (const each of [mina, newer, jun])
      await each.sees('from the old version', 'from the new version')

    await stage.killServer()
    await mina.send('unsent')
    await newer.send('unsent, too')
    await eventually(async () => {
      const kept = await stored(mina.page)
      assert.ok(kept.includes('"unsent"') && kept.includes('"unsent, too"'), kept)
    })
    const address = mina.page.url()
    for (const { page } of [mina, newer]) await page.goto('about:blank')
    await stage.restartServer()
    for (const { page } of [mina, newer]) await page.goto(address)
    await eventually(async () => {
      for (const each of [mina, newer, jun]) {
        const texts = await each.texts()
        assert.deepEqual([...texts.slice(-2)].sort(), ['unsent', 'unsent, too'])
        assert.equal(texts.filter((text) => text.startsWith('unsent')).length, 2)
      }
    })
  }),
)

/** As a browser does that is short of memory: nobody is told. */
async function killWorker(page: Page): Promise<void> {
  const devtools = await page.context().browser()?.newBrowserCDPSession()
  assert.ok(devtools)
  const { targetInfos } = await devtools.send('Target.getTargets')
  const worker = targetInfos.find(({ type }) => type === 'shared_worker')
  assert.ok(worker, 'there is a worker')
  await devtools.send('Target.closeTarget', { targetId: worker.targetId })
  await devtools.detach()
}

/** The page's code comes from another address from now on, which is what another build is. */
async function asAnotherVersion(page: Page): Promise<void> {
  await page.route(
    ({ pathname }) => !pathname.includes('.'),
    async (route) => {
      if (route.request().resourceType() !== 'document') return route.fallback()
      const response = await route.fetch()
      const text = await response.text()
      await route.fulfill({ response, body: text.replaceAll(/(index-[\w-]+\.js)/g, '$1?newer') })
    },
  )
  await page.reload()
}

/** Everything that the client keeps in this browser. */
function stored(page: Page): Promise<string> {
  return page.evaluate(
    () =>
      new Promise<string>((resolve, reject) => {
        const opening = indexedDB.open('madang')
        opening.onerror = () => reject(opening.error)
        opening.onsuccess = () => {
          const reading = opening.result.transaction('values').objectStore('values').getAll()
          reading.onsuccess = () => {
            opening.result.close()
            resolve(reading.result.join('\n'))
          }
        }
      }),
  )
}
