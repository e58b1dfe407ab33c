// Making places, finding them, leaving them, and talking to one person alone.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { chromium } from '../services/chromium.ts'
import { need } from '../services/part.ts'
import { play } from './stage.ts'

const browser = await need(chromium)
const path = () => browser.at().path
const skip = browser.skip

test(
  'somebody opens a community, and somebody else finds and joins it',
  { skip },
  play(path, async (stage) => {
    const mina = await stage.guest('Mina')
    const jun = await stage.guest('Jun')
    await mina.makeCommunity('Book club')
    await mina.send('What do we read?')

    await jun.joinCommunity('Book club')
    await jun.sees('What do we read?')
    await jun.send('Poems.')
    await mina.sees('What do we read?', 'Poems.')
  }),
)

test(
  'a public channel is found, joined and left; a private one is not to be found',
  { skip },
  play(path, async (stage) => {
    const mina = await stage.guest('Mina')
    await mina.makeChannel('garden')
    await mina.send('The tomatoes are up.')
    await mina.makeChannel('secrets', 'Private')
    const jun = await stage.guest('Jun')
    await jun.channel('Browse channels').click()
    const garden = jun.page.getByRole('listitem').filter({ hasText: 'garden' })
    await garden.getByRole('button', { name: 'Join' }).click()
    await jun.sees('The tomatoes are up.')
    await jun.button('Channel menu').click()
    await jun.button('Leave channel').click()
    await jun.page.getByRole('dialog').getByRole('button', { name: 'Leave' }).click()
    await jun.page.getByRole('heading', { level: 1, name: 'Channels', exact: true }).waitFor()
    await jun.channel('garden').waitFor({ state: 'detached' })
    await garden.getByRole('button', { name: 'Join' }).waitFor()
    assert.equal(await jun.page.getByText('secrets').count(), 0)
  }),
)

test(
  'a private channel is seen by whoever is added to it',
  { skip },
  play(path, async (stage) => {
    const jun = await stage.guest('Jun')
    const mina = await stage.guest('Mina')
    await mina.makeChannel('secrets', 'Private')
    await mina.button('Add people').click()
    await mina.button('Add Jun').click()
    await jun.channel('secrets').click()
    await jun.send('What is it?')
    await mina.button('Close').last().click()
    await mina.sees('What is it?')
  }),
)

test(
  'a direct message is for one person alone',
  { skip },
  play(path, async (stage) => {
    const jun = await stage.guest('Jun')
    const mina = await stage.guest('Mina')
    const theo = await stage.guest('Theo')
    await mina.person('Jun').click()
    await mina.button('Write to Jun').click()
    await mina.page.getByRole('heading', { level: 1, name: 'Jun', exact: true }).waitFor()
    await mina.send('Just between us.')
    await jun.channel('Mina').getByText('1 unread').waitFor({ state: 'attached' })
    await jun.channel('Mina').click()
    await jun.sees('Just between us.')
    assert.equal(await theo.channel('Mina').count(), 0)
  }),
)

test(
  'a live channel has lanes for questions and notices',
  { skip },
  play(path, async (stage) => {
    const mina = await stage.guest('Mina')
    await mina.makeChannel('evening', 'Live')
    const jun = await stage.guest('Jun')
    await jun.channel('Browse channels').click()
    const evening = jun.page.getByRole('listitem').filter({ hasText: 'evening' })
    await evening.getByRole('button', { name: 'Open' }).click()
    await mina.page.getByText('Notice', { exact: true }).click()
    await mina.send('We begin.')
    await jun.message('We begin.').getByText('Notice').waitFor()
    await jun.button('Join to talk').click()
    await jun.page.getByText('Question', { exact: true }).click()
    await jun.send('When does it end?')
    await mina.message('When does it end?').hover()
    await mina.message('When does it end?').getByRole('button', { name: 'Pick' }).click()
    await jun.message('When does it end?').getByText('Question · Picked').waitFor()
  }),
)
