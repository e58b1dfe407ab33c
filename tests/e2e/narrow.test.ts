// The page on a phone, and in the dark.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { chromium } from '../services/chromium.ts'
import { need } from '../services/part.ts'
import { play } from './stage.ts'

const browser = await need(chromium)
const path = () => browser.at().path
const skip = browser.skip

const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true }

test(
  'on a phone the channels are in a drawer that opens and closes',
  { skip },
  play(path, async (stage) => {
    const mina = await stage.guest('Mina', PHONE)
    await mina.button('Show channels').click()
    await mina.makeChannel('garden')
    await mina.button('New channel').waitFor({ state: 'hidden' })
    await mina.button('Show channels').click()
    await mina.page.keyboard.press('Escape')
    await mina.button('New channel').waitFor({ state: 'hidden' })
    const wide = await mina.page.evaluate('document.documentElement.scrollWidth > innerWidth')
    assert.equal(wide, false, 'nothing reaches beyond the window')
  }),
)

test(
  'the appearance follows the system until somebody chooses, and the choice stays',
  { skip },
  play(path, async (stage) => {
    const mina = await stage.guest('Mina', { colorScheme: 'dark' })
    const lightness = () =>
      mina.page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor)
    const dark = await lightness()
    await mina.page.getByRole('button', { name: 'Mina: your menu' }).click()
    await mina.page.getByText('Light', { exact: true }).click()
    const light = await lightness()
    assert.notEqual(light, dark)
    await mina.page.reload()
    await mina.composer.waitFor()
    assert.equal(await lightness(), light)
  }),
)
