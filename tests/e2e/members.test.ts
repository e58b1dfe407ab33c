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
  'whoever may ban sees who is banned from a channel, and lets them in again',
  { skip },
  play(path, async (stage) => {
    const [mina, theo] = [await stage.guest('Mina'), await stage.guest('Theo')]
    await mina.makeChannel('garden')
    await theo.channel('Browse channels').click()
    const garden = theo.page.getByRole('listitem').filter({ hasText: 'garden' })
    await garden.getByRole('button', { name: 'Join' }).click()
    await theo.composer.waitFor()
    await theo.button('Channel menu').click()
    await theo.button('Leave channel').waitFor()
    assert.equal(await theo.button('Banned people').count(), 0, 'only for those who lead')

    await mina.person('Theo').click()
    await dialog(mina).getByRole('button', { name: 'Ban from #garden' }).click()
    await dialog(mina).getByRole('button', { name: 'Ban', exact: true }).click()
    await theo.page.getByText('You are banned here.').waitFor()
    await mina.button('Channel menu').click()
    await mina.button('Banned people').click()
    await dialog(mina).getByRole('button', { name: 'Lift ban on Theo' }).click()
    await dialog(mina).getByText('Nobody is banned.').waitFor()
    await mina.page.keyboard.press('Escape')
    await mina.timeline.getByText('Mina lifted the ban on Theo').waitFor()
    await theo.page.reload()
    await theo.button('Join #garden').click()
    await theo.composer.waitFor()
  }),
)

test(
  'roles and bans of a whole community are changed on the card of a person',
  { skip },
  play(path, async (stage) => {
    const [mina, jun] = [await stage.guest('Mina'), await stage.guest('Jun')]
    await mina.makeCommunity('Book club')
    await jun.joinCommunity('Book club')
    const club = dialog(mina).getByRole('region', { name: 'Book club' })
    await mina.person('Jun').click()
    await club.getByRole('button', { name: 'Make moderator' }).click()
    await club.getByRole('button', { name: 'Make an ordinary member' }).waitFor()
    await jun.button('Book club').click()
    await jun.button('Banned people').click()
    await dialog(jun).getByText('Nobody is banned.').waitFor()
    await jun.page.keyboard.press('Escape')

    await club.getByRole('button', { name: 'Ban from Book club' }).click()
    await dialog(mina).getByRole('button', { name: 'Ban', exact: true }).click()
    await jun.page.getByRole('link', { name: 'Book club' }).waitFor({ state: 'detached' })
    await mina.button('Book club').click()
    await mina.button('Banned people').click()
    await dialog(mina).getByRole('button', { name: 'Lift ban on Jun' }).click()
    await dialog(mina).getByText('Nobody is banned.').waitFor()
    await jun.joinCommunity('Book club')
  }),
)

test(
  'a conversation begins with a name, without looking for the person first',
  { skip },
  play(path, async (stage) => {
    const [mina, jun] = [await stage.guest('Mina'), await stage.guest('Jun')]
    await mina.button('New message').click()
    await dialog(mina).getByLabel('Find somebody').fill('ju')
    await dialog(mina).getByRole('button', { name: 'Write to Jun' }).click()
    await mina.page.getByRole('heading', { level: 1, name: 'Jun', exact: true }).waitFor()
    await mina.send('hello')
    await jun.channel('Mina').click()
    await jun.sees('hello')
  }),
)

test(
  'a channel gets another name and topic from those who lead it',
  { skip },
  play(path, async (stage) => {
    const mina = await stage.guest('Mina')
    await mina.makeChannel('garden')
    await mina.button('Channel menu').click()
    await mina.button('Edit channel').click()
    await dialog(mina).getByLabel('Name').fill('orchard')
    await dialog(mina).getByLabel('What is it about?').fill('Apples')
    await dialog(mina).getByRole('button', { name: 'Save' }).click()
    await mina.page.getByRole('heading', { level: 1, name: 'orchard', exact: true }).waitFor()
    await mina.page.getByRole('main').getByTitle('Apples').waitFor()
    await mina.timeline.getByText('Mina changed the channel to #orchard').waitFor()
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
