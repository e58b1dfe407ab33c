// What happens in one window is seen in the other: typing, edits, deletes, who is there.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { chromium } from '../services/chromium.ts'
import { need } from '../services/part.ts'
import { play } from './stage.ts'

const browser = await need(chromium)
const path = () => browser.at().path
const skip = browser.skip

test(
  'an edit and a delete are seen in the other window',
  { skip },
  play(path, async (stage) => {
    const mina = await stage.guest('Mina')
    const jun = await stage.guest('Jun')
    await mina.send('see you at tree')
    await mina.send('never mind')
    await jun.sees('see you at tree', 'never mind')

    await mina.message('see you at tree').hover()
    await mina.message('see you at tree').getByRole('button', { name: 'Edit message' }).click()
    const editor = mina.page.getByLabel('Edit your message')
    await editor.fill('see you at three')
    await editor.press('Enter')
    await jun.sees('see you at three (edited)', 'never mind')

    await mina.message('never mind').hover()
    await mina.message('never mind').getByRole('button', { name: 'Delete message' }).click()
    await mina.page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click()
    await jun.message('This message was deleted.').waitFor()
    assert.equal(await jun.message('never mind').count(), 0)
    assert.equal(await jun.page.getByText('Edit message').count(), 0, 'not his to edit')
  }),
)

test(
  'the arrow up edits the last message, Escape leaves it as it was',
  { skip },
  play(path, async (stage) => {
    const mina = await stage.guest('Mina')
    await mina.send('first')
    await mina.sees('first')
    await mina.composer.press('ArrowUp')
    const editor = mina.page.getByLabel('Edit your message')
    await editor.fill('changed')
    await editor.press('Escape')
    await mina.sees('first')
    await mina.page.waitForFunction('document.activeElement.id === "composer"')
  }),
)

test(
  'typing is seen while it lasts',
  { skip },
  play(path, async (stage) => {
    const mina = await stage.guest('Mina')
    const jun = await stage.guest('Jun')
    const line = jun.page.getByTestId('typing')
    await mina.composer.pressSequentially('hm')
    await line.getByText('Mina is typing…').waitFor()
    await mina.composer.press('Enter')
    await jun.sees('hm')
    await line.getByText('Mina is typing…').waitFor({ state: 'detached' })
    assert.equal(await mina.page.getByTestId('typing').innerText(), '', 'nobody sees themselves')
  }),
)

test(
  'who comes and goes is seen among the members',
  { skip },
  play(path, async (stage) => {
    const mina = await stage.guest('Mina')
    const jun = await stage.guest('Jun')
    const members = mina.page.getByRole('complementary', { name: 'Members' })
    await members
      .getByRole('region', { name: /Online/ })
      .getByText('Jun')
      .waitFor()
    await jun.context.close()
    await members.getByRole('region', { name: /Away/ }).getByText('Jun').waitFor()
  }),
)
