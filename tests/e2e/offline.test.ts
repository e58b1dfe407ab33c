// The network goes away under somebody's hands, and comes back.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { chromium } from '../services/chromium.ts'
import { need } from '../services/part.ts'
import { play } from './stage.ts'
import type { Visitor } from './visitor.ts'

const browser = await need(chromium)

/** The page itself is to hold the connection: a worker's network cannot be taken away. */
async function alone(visitor: Visitor): Promise<Visitor> {
  await visitor.page.addInitScript(() => Reflect.deleteProperty(globalThis, 'SharedWorker'))
  await visitor.page.reload()
  await visitor.composer.waitFor()
  return visitor
}

test(
  'what is written offline waits in sight, and goes out in order with the network',
  { skip: browser.skip },
  play(
    () => browser.at().path,
    async (stage) => {
      const mina = await alone(await stage.guest('Mina'))
      const jun = await stage.guest('Jun')
      await mina.send('before')
      await jun.sees('before')

      await mina.context.setOffline(true)
      await mina.page.getByTestId('connection').getByText('You are offline.').waitFor()
      await mina.send('first in the tunnel')
      await mina.send('second in the tunnel')
      const waiting = mina.timeline.locator('[data-state="pending"]')
      await waiting.nth(1).waitFor()
      assert.equal(await waiting.count(), 2)
      await jun.send('meanwhile')
      await jun.sees('before', 'meanwhile')

      await mina.context.setOffline(false)
      await jun.sees('before', 'meanwhile', 'first in the tunnel', 'second in the tunnel')
      await mina.sees('before', 'meanwhile', 'first in the tunnel', 'second in the tunnel')
      await mina.page.getByTestId('connection').getByText('offline').waitFor({ state: 'detached' })
    },
  ),
)

test(
  'a channel that is opened offline is there with its members once the network is back',
  { skip: browser.skip },
  play(
    () => browser.at().path,
    async (stage) => {
      const mina = await alone(await stage.guest('Mina'))
      await mina.makeChannel('garden')
      await mina.send('The tomatoes are up.')
      await mina.sees('The tomatoes are up.')
      await mina.channel('general').click()
      await mina.page.reload()
      await mina.composer.waitFor()
      await mina.context.setOffline(true)
      await mina.page.getByTestId('connection').getByText('You are offline.').waitFor()
      await mina.channel('garden').click()
      const members = mina.page.getByRole('complementary', { name: 'Members' })
      await members.getByRole('alert').waitFor()
      await mina.page.getByRole('status').getByText('Loading').waitFor({ state: 'attached' })
      await mina.context.setOffline(false)
      await mina.sees('The tomatoes are up.')
      await members.getByText('you · owner').waitFor()
      await members.getByRole('alert').waitFor({ state: 'detached' })
    },
  ),
)
