// What came while one was elsewhere: in another channel, another community, another window.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { chromium } from '../services/chromium.ts'
import { need } from '../services/part.ts'
import { eventually } from './eventually.ts'
import { play } from './stage.ts'
import type { Visitor } from './visitor.ts'

const browser = await need(chromium)
const path = () => browser.at().path
const skip = browser.skip

test(
  'unread messages are counted, marked by a line, and gone once read',
  { skip },
  play(path, async (stage) => {
    const mina = await stage.guest('Mina')
    const jun = await stage.guest('Jun')
    await jun.send('read already')
    await mina.sees('read already')
    await mina.makeChannel('garden')
    await jun.send('one')
    await jun.send('two')
    const general = mina.channel('general')
    await general.getByText('2 unread').waitFor({ state: 'attached' })
    await mina.page.waitForFunction('document.title === "(2) Madang"')
    const second = await stage.secondWindow(mina)
    await second.channel('general').getByText('2 unread').waitFor({ state: 'attached' })

    // A person reads in the window that is in front; the other one may be hidden by it.
    await mina.page.bringToFront()
    await general.click()
    await mina.sees('one', 'two')
    await mina.page.getByTestId('unread-line').waitFor()
    await general.getByText('2 unread').waitFor({ state: 'detached' })
    await mina.page.waitForFunction('document.title === "Madang"')
    await second.channel('general').getByText('2 unread').waitFor({ state: 'detached' })
    await mina.page.reload()
    await mina.sees('one', 'two')
    assert.equal(await mina.page.getByTestId('unread-line').count(), 0, 'read is read')
  }),
)

test(
  'a community that is not open counts what is unread in all of its channels, also after a reload',
  { skip },
  play(path, async (stage) => {
    const mina = await stage.guest('Mina')
    const jun = await stage.guest('Jun')
    await mina.makeCommunity('Book club')
    await mina.makeChannel('poems')
    await mina.send('A first one')
    await jun.joinCommunity('Book club')
    await jun.channel('Browse channels').click()
    const poems = jun.page.getByRole('listitem').filter({ hasText: 'poems' })
    await poems.getByRole('button', { name: 'Join' }).click()
    await jun.sees('A first one')
    const rail = (visitor: Visitor) => visitor.page.getByRole('navigation', { name: 'Communities' })
    await rail(jun).getByRole('link').first().click()
    await jun.page.getByRole('heading', { level: 1, name: 'Madang' }).waitFor()

    await mina.send('in poems')
    await mina.channel('general').click()
    await mina.page.getByRole('heading', { level: 1, name: 'general', exact: true }).waitFor()
    await mina.send('in general')
    const club = rail(jun).getByRole('link', { name: 'Book club, 2 unread', exact: true })
    await club.waitFor()
    await jun.page.waitForFunction('document.title === "(2) Madang"')
    await jun.page.reload()
    await club.waitFor()

    await jun.page.keyboard.press('Alt+Shift+ArrowDown')
    await jun.page.getByRole('heading', { level: 1, name: 'Book club' }).waitFor()
    await rail(jun).getByRole('link', { name: 'Book club, 1 unread', exact: true }).waitFor()
    await jun.page.keyboard.press('Alt+Shift+ArrowDown')
    await rail(jun).getByRole('link', { name: 'Book club', exact: true }).waitFor()
    await jun.page.waitForFunction('document.title === "Madang"')
  }),
)

test(
  'whoever comes back to more than a page sees how much it is, and reads on from the first of it',
  { skip },
  play(path, async (stage) => {
    const [mina, jun] = [await stage.guest('Mina'), await stage.guest('Jun')]
    await jun.makeChannel('garden')
    await jun.button('Add people').click()
    await jun.button('Add Mina').click()
    await mina.channel('garden').waitFor()
    const theo = await stage.spectator('Theo')
    const channelId = jun.page.url().split('/').at(-1) ?? ''
    await theo.ask('join', { channelId })
    await theo.send(channelId, 'the first that I missed')
    for (let each = 2; each <= MISSED; each += 1) {
      // As fast as one person may.
      await eventually(() => theo.send(channelId, `missed ${each}${TALL}`))
    }
    await mina.channel('garden').getByText(`${MISSED} unread`).waitFor({ state: 'attached' })
    await mina.channel('garden').click()
    await mina.message(`missed ${MISSED}`).waitFor()
    await mina.timeline.locator('..').getByText(`${MISSED} new messages`).waitFor()
    await mina.button('To the first').click()
    const line = mina.page.getByTestId('unread-line')
    await line.waitFor()
    await mina.message('the first that I missed').waitFor()
    await eventually(async () => {
      const [box, frame] = [await line.boundingBox(), await mina.timeline.boundingBox()]
      assert.ok(box && frame && box.y >= frame.y && box.y < frame.y + 200, 'it is at the top')
    })
    assert.equal(await mina.button('To the first').count(), 0)
    await mina.button('Jump to latest').click()
    await mina.message(`missed ${MISSED}`).waitFor()
  }),
)

/** More than two pages of history. */
const MISSED = 120

/** A page of such messages is many screens, so that the first page is all that opening the channel asks for. */
const TALL = '\n.'.repeat(8)
