// The page for those who listen to it or see badly, on every page and in both themes.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { chromium } from '../services/chromium.ts'
import { need } from '../services/part.ts'
import { audit } from './audit.ts'
import { play } from './stage.ts'

const browser = await need(chromium)
const path = () => browser.at().path
const skip = browser.skip

for (const colorScheme of ['light', 'dark'] as const) {
  test(
    `everything has a name and can be read in the ${colorScheme} theme`,
    { skip },
    play(path, async (stage) => {
      const mina = await stage.visit({ colorScheme })
      const { page } = mina
      const isFine = async (where: string) => assert.deepEqual(await audit(page), [], where)
      await isFine('the door')
      await mina.comeIn('Mina')
      const jun = await stage.spectator('Jun')
      await jun.send(jun.place('general').id, 'See https://example.com, all of you.')
      await mina.send('mine')
      await mina.sees('See https://example.com, all of you.', 'mine')
      await mina.message('mine').hover()
      await isFine('a channel')
      await mina.person('Jun').click()
      await mina.button('Write to Jun').waitFor()
      await isFine('a person')
      await page.keyboard.press('Escape')
      await mina.button('New channel').click()
      await isFine('a new channel')
      await page.keyboard.press('Escape')
      await page.keyboard.press('Control+k')
      await page.getByRole('combobox').waitFor()
      await isFine('the switcher')
      await page.keyboard.press('Escape')
      await page.keyboard.press('Control+/')
      await isFine('the shortcuts')
      await page.keyboard.press('Escape')
      await mina.channel('Browse channels').click()
      await page.getByRole('listitem').filter({ hasText: 'Joined' }).waitFor()
      await isFine('the channels of a community')
      await page.getByRole('link', { name: 'Find communities' }).click()
      await page.getByRole('heading', { level: 1, name: 'Communities' }).waitFor()
      await isFine('the communities')
    }),
  )
}

test(
  'landmarks, the log of new messages and the state of the connection are there for those who listen',
  { skip },
  play(path, async (stage) => {
    const mina = await stage.guest('Mina')
    const jun = await stage.guest('Jun')
    await jun.send('hello')
    const log = mina.page.getByRole('log', { name: 'New messages' })
    await log.getByText('Jun: hello').waitFor({ state: 'attached' })
    await mina.page.getByRole('main').waitFor()
    await mina.page.getByRole('navigation', { name: 'Communities' }).waitFor()
    await mina.page.getByRole('navigation', { name: 'Channels' }).waitFor()
    await mina.page.getByRole('complementary', { name: 'Members' }).waitFor()
    assert.equal(await mina.page.getByTestId('connection').getAttribute('role'), 'status')
  }),
)
