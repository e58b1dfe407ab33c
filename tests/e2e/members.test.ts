// Who leads a channel, who is asked to leave it, and how people come in.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { chromium } from '../services/chromium.ts'
import { need } from '../services/part.ts'
import { play } from './stage.ts'
import type { Visitor } from './visitor.ts'

const browser = await need(chromium)
const path = () => browser.at().path
const skip = browser.skip

const panel = (visitor: Visitor) => visitor.page.getByRole('complementary', { name: 'Members' })
const dialog = (visitor: Visitor) => visitor.page.getByRole('dialog')

test(
  'an owner makes somebody a moderator, who then may remove another',
  { skip },
  play(path, async (stage) => {
    const [mina, jun, theo] = [
      await stage.guest('Mina'),
      await stage.guest('Jun'),
      await stage.guest('Theo'),
    ]
    await mina.makeChannel('garden')
    for (const visitor of [jun, theo]) {
      await visitor.channel('Browse channels').click()
      const garden = visitor.page.getByRole('listitem').filter({ hasText: 'garden' })
      await garden.getByRole('button', { name: 'Join' }).click()
      await visitor.composer.waitFor()
    }
    await theo.person('Jun').click()
    await dialog(theo).getByRole('button', { name: 'Write to Jun' }).waitFor()
    assert.equal(
      await dialog(theo)
        .getByRole('button', { name: /Remove|Ban|Make/ })
        .count(),
      0,
    )
    await theo.page.keyboard.press('Escape')

    await mina.person('Jun').click()
    await dialog(mina).getByRole('button', { name: 'Make moderator' }).click()
    await panel(jun).getByText('you · moderator').waitFor()
    await jun.person('Theo').click()
    await dialog(jun).getByRole('button', { name: 'Remove from #garden' }).click()
    await dialog(jun).getByRole('button', { name: 'Remove', exact: true }).click()
    await theo.channel('garden').waitFor({ state: 'detached' })
    await theo.page.getByText('You are not in #garden yet').waitFor()
    await theo.button('Join #garden').click()
    await theo.composer.waitFor()

    await jun.person('Theo').click()
    await dialog(jun).getByRole('button', { name: 'Ban from #garden' }).click()
    await dialog(jun).getByRole('button', { name: 'Ban', exact: true }).click()
    await theo.channel('garden').waitFor({ state: 'detached' })
    await theo.page.getByText('You are banned here.').waitFor()
  }),
)

test(
  'whoever is sent the address of a community comes in by it as a guest',
  { skip },
  play(path, async (stage) => {
    const mina = await stage.guest('Mina')
    await mina.makeCommunity('Book club')
    await mina.send('What do we read?')
    await mina.button('Book club').click()
    await mina.button('Invite people').click()
    const address = await dialog(mina).getByLabel('Address').inputValue()

    const jun = await stage.visit()
    await jun.page.goto(address)
    await jun.page.reload()
    await jun.page.getByLabel('Your name').fill('Jun')
    await jun.button('Start talking').click()
    await jun.page.getByText('You are invited to Book club').waitFor()
    await jun.button('Join Book club').click()
    await jun.sees('What do we read?')
  }),
)

test(
  'an address of a community that is not there says so',
  { skip },
  play(path, async (stage) => {
    const mina = await stage.guest('Mina')
    await mina.page.evaluate(() => {
      location.hash = '#/c/00000000-0000-4000-8000-000000000000'
    })
    await mina.page.getByText('This community is not there any more').waitFor()
    await mina.button('Find communities').click()
    await mina.page.getByRole('heading', { level: 1, name: 'Communities' }).waitFor()
  }),
)
