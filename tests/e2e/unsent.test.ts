// A page that is loaded anew with messages whose fate it does not know.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { WebSocketRoute } from 'playwright-core'
import { chromium } from '../services/chromium.ts'
import { need } from '../services/part.ts'
import { eventually } from './eventually.ts'
import { play } from './stage.ts'
import type { Visitor } from './visitor.ts'

const browser = await need(chromium)

const RUNS = 5

/** The network between a page and the server: from `mute` on nothing that the server says comes through, and what the page says does. */
async function between(visitor: Visitor): Promise<{ mute(): void; open(): void }> {
  let isMute = false
  // The page itself is to hold the connection: a worker's cannot be stood in between.
  await visitor.page.addInitScript(() => Reflect.deleteProperty(globalThis, 'SharedWorker'))
  await visitor.page.routeWebSocket(/socket\.io/, (near: WebSocketRoute) => {
    const far = near.connectToServer()
    far.onMessage((text) => {
      if (!isMute) near.send(text)
    })
  })
  return {
    mute: () => {
      isMute = true
    },
    open: () => {
      isMute = false
    },
  }
}

test(
  `${RUNS} times loaded anew after the server has stored a message and before the page knows: each is there once`,
  { skip: browser.skip },
  play(
    () => browser.at().path,
    async (stage) => {
      const jun = await stage.guest('Jun')
      const mina = await stage.guest('Mina')
      const network = await between(mina)
      const said: string[] = []
      for (let run = 1; run <= RUNS; run += 1) {
        // The page of before was opened past the network, or ended in it.
        network.open()
        await mina.page.reload()
        await mina.composer.waitFor()
        await eventually(async () => {
          assert.deepEqual(await ours(mina), said)
          assert.equal(await mina.page.locator('[data-state="pending"]').count(), 0)
        })
        network.mute()
        said.push(`stored, unanswered ${run}`)
        await mina.send(said.at(-1) ?? '')
        await jun.sees(...said)
        await mina.page.locator('[data-state="pending"]').waitFor()
      }
      network.open()
      await mina.page.reload()
      await mina.sees(...said)
      const theo = await stage.guest('Theo')
      await theo.sees(...said)
      for (const visitor of [mina, jun, theo]) assert.deepEqual(await ours(visitor), said)
    },
  ),
)

test(
  'several messages written without a connection are sent after a reload, in order, once',
  { skip: browser.skip },
  play(
    () => browser.at().path,
    async (stage) => {
      const mina = await stage.guest('Mina')
      await mina.send('stored 0')
      await mina.sees('stored 0')
      await stage.killServer()
      const said = ['stored 0']
      for (let each = 1; each <= 4; each += 1) {
        said.push(`stored ${each}`)
        await mina.send(`stored ${each}`)
      }
      await eventually(async () =>
        assert.equal(await mina.page.locator('[data-state="pending"]').count(), 4),
      )
      await stage.restartServer()
      await mina.page.reload()
      await mina.sees(...said)
      assert.deepEqual(await ours(mina), said)
    },
  ),
)

const ours = async (visitor: Visitor): Promise<readonly string[]> =>
  (await visitor.texts()).filter((text) => text.startsWith('stored'))
