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
  'on a phone a message is changed by touching it, and nothing reaches beyond the window',
  { skip },
  play(path, async (stage) => {
    const mina = await stage.guest('Mina', { ...PHONE, isMobile: true })
    const jun = await stage.guest('Jun')
    const fits = async () =>
      assert.equal(
        await mina.page.evaluate('document.documentElement.scrollWidth > innerWidth'),
        false,
      )
    await mina.composer.tap()
    await mina.composer.fill(`see you at tree ${'very'.repeat(60)}`)
    await mina.button('Send').tap()
    await jun.message('see you at tree').waitFor()
    await fits()
    const edit = mina.message('see you at tree').getByRole('button', { name: 'Edit message' })
    await edit.waitFor({ state: 'hidden' })
    await mina.message('see you at tree').tap()
    await edit.tap()
    await mina.page.getByLabel('Edit your message').fill('see you at three')
    await mina.button('Save').tap()
    await jun.sees('see you at three (edited)')
    await mina.button('Show members').tap()
    await mina.person('Jun').tap()
    await fits()
    await mina.button('Write to Jun').tap()
    await mina.page.getByRole('heading', { level: 1, name: 'Jun', exact: true }).waitFor()
    await mina.button('Show members').waitFor()
    const size = await mina.composer.evaluate((field) => getComputedStyle(field).fontSize)
    assert.ok(Number.parseFloat(size) >= 16, 'phones zoom into smaller letters')
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
