// What cannot be sent, changed or deleted: it says why in words, nothing that was written is lost, and it can be tried again.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Store } from '@madang/server/testing'
import { chromium } from '../services/chromium.ts'
import { need } from '../services/part.ts'
import { eventually } from './eventually.ts'
import { play } from './stage.ts'
import type { Visitor } from './visitor.ts'

const browser = await need(chromium)
const path = () => browser.at().path
const skip = browser.skip

const dialog = (visitor: Visitor) => visitor.page.getByRole('dialog')
const failed = (visitor: Visitor) => visitor.timeline.locator('[data-state="failed"]')
const channelOf = (visitor: Visitor) => visitor.page.url().split('/').at(-1) ?? ''

async function join(visitor: Visitor, name: string): Promise<void> {
  await visitor.channel('Browse channels').click()
  const row = visitor.page.getByRole('listitem').filter({ hasText: name })
  await row.getByRole('button', { name: 'Join' }).click()
  await visitor.composer.waitFor()
}

/** What one person did to another at another node, while this one was away. */
async function meanwhile(store: Store, channelId: string, by: string, whom: string, kind: Kind) {
  const { members } = await store.channelMembers(channelId, { limit: 10 })
  const [author, subject] = [by, whom].map((name) =>
    members.map(({ person }) => person).find((person) => person.name === name),
  )
  assert.ok(author && subject)
  const entry = kind === 'kicked' ? { kind, subject } : { kind, subject, role: 'member' as const }
  const append = { id: crypto.randomUUID(), channelId, author, createdAt: Date.now(), entry }
  const [result] = await store.append([{ ...append, needs: 'moderator' }])
  assert.equal(result?.outcome, 'appended')
}
type Kind = 'kicked' | 'role'

test(
  'a message waits while the server is away, is refused with the reason, and is sent when that is gone',
  { skip },
  play(path, async (stage) => {
    const [jun, mina] = [await stage.guest('Jun'), await stage.guest('Mina')]
    await jun.makeChannel('town hall', 'Live')
    await join(mina, 'town hall')
    await jun.person('Mina').click()
    await dialog(jun).getByRole('button', { name: 'Make moderator' }).click()
    await dialog(jun).getByText('moderator', { exact: true }).waitFor()
    await jun.page.keyboard.press('Escape')
    await mina.page.getByText('Notice', { exact: true }).click()
    const channelId = channelOf(mina)

    await stage.killServer()
    await mina.send('We begin at four')
    await mina.message('We begin at four').getByText('Sending…').waitFor()
    await mina.page
      .getByTestId('connection')
      .getByText(/Connection lost|cannot/)
      .waitFor()
    await stage.withStore((store) => meanwhile(store, channelId, 'Jun', 'Mina', 'role'))
    await stage.restartServer()

    await failed(mina).getByText('Not sent. Your role does not allow this.').waitFor()
    await failed(mina).getByRole('button', { name: 'Try again' }).click()
    await failed(mina).getByText('Your role does not allow this.').waitFor()
    await jun.person('Mina').click()
    await dialog(jun).getByRole('button', { name: 'Make moderator' }).click()
    await dialog(jun).getByText('moderator', { exact: true }).waitFor()
    await mina.page.reload()
    await failed(mina).getByText('Not sent. Your role does not allow this.').waitFor()
    await failed(mina).getByRole('button', { name: 'Try again' }).click()
    await mina.sees('We begin at four')
    await jun.sees('We begin at four')
    assert.equal(await failed(mina).count(), 0)
  }),
)

test(
  'whoever was removed while they wrote finds what they wrote when they are back, to be sent or thrown away',
  { skip },
  play(path, async (stage) => {
    const [jun, mina] = [await stage.guest('Jun'), await stage.guest('Mina')]
    await jun.makeChannel('garden')
    await join(mina, 'garden')
    const channelId = channelOf(mina)
    await stage.killServer()
    await mina.send('keep this')
    await mina.send('not this')
    await mina.timeline.locator('[data-state="pending"]').nth(1).waitFor()
    await stage.withStore((store) => meanwhile(store, channelId, 'Jun', 'Mina', 'kicked'))
    await stage.restartServer()

    await mina.button('Join #garden').click()
    await mina.composer.waitFor()
    const [first, second] = ['keep this', 'not this'].map((text) =>
      failed(mina).filter({ hasText: text }),
    )
    await first?.getByText('Not sent. You are not a member here.').waitFor()
    await second?.getByRole('button', { name: 'Discard' }).click()
    await second?.waitFor({ state: 'detached' })
    await first?.getByRole('button', { name: 'Try again' }).click()
    await mina.sees('keep this')
    await jun.sees('keep this')
  }),
)

test(
  'what is too long cannot be sent, and says by how much',
  { skip },
  play(path, async (stage) => {
    const mina = await stage.guest('Mina')
    await mina.composer.fill('a'.repeat(4_003))
    await mina.page.getByText('3 characters too many').waitFor()
    assert.equal(await mina.button('Send').isDisabled(), true)
    await mina.composer.press('Enter')
    await mina.composer.press('Backspace')
    await mina.page.getByText('2 characters too many').waitFor()
    assert.equal(await mina.timeline.getByTestId('message').count(), 0)
    await mina.composer.press('Backspace')
    await mina.composer.press('Backspace')
    await mina.page.getByText('0 characters left').waitFor()
    await mina.composer.press('Enter')
    await mina.sees('a'.repeat(4_000))
  }),
)

test(
  'an edit that fails keeps its words, and says why',
  { skip },
  play(path, async (stage) => {
    const mina = await stage.guest('Mina')
    await mina.send('see you at tree')
    await mina.sees('see you at tree')
    await mina.composer.press('ArrowUp')
    const editor = mina.page.getByLabel('Edit your message')
    await editor.fill('see you at three')
    await stage.killServer()
    await mina.page.getByTestId('connection').getByRole('button', { name: 'Try now' }).waitFor()
    await editor.press('Enter')
    const reason = mina.timeline.getByRole('alert')
    await reason.getByText('The server cannot be reached right now.').waitFor()
    assert.equal(await editor.inputValue(), 'see you at three')
    await stage.restartServer()
    await eventually(async () => {
      if (await editor.isVisible()) await mina.button('Save').click({ timeout: 1_000 })
      assert.equal(await editor.count(), 0)
    })
    await mina.sees('see you at three (edited)')
  }),
)

test(
  'an edit of what somebody has deleted meanwhile says so, and leaves the words to be taken',
  { skip },
  play(path, async (stage) => {
    const [jun, mina] = [await stage.guest('Jun'), await stage.guest('Mina')]
    await jun.makeChannel('garden')
    await join(mina, 'garden')
    await mina.send('a poem')
    await jun.sees('a poem')
    await mina.composer.press('ArrowUp')
    const editor = mina.page.getByLabel('Edit your message')
    await editor.fill('a better poem')
    await jun.message('a poem').hover()
    await jun.message('a poem').getByRole('button', { name: 'Delete message' }).click()
    await dialog(jun).getByRole('button', { name: 'Delete' }).click()
    await jun.message('This message was deleted.').waitFor()
    await editor.press('Enter')
    await mina.timeline.getByRole('alert').getByText('The message was deleted.').waitFor()
    assert.equal(await editor.inputValue(), 'a better poem')
    await editor.press('Escape')
    await mina.message('This message was deleted.').waitFor()
  }),
)

test(
  'a delete that fails says why, and works when it is tried again',
  { skip },
  play(path, async (stage) => {
    const mina = await stage.guest('Mina')
    await mina.send('never mind')
    await mina.sees('never mind')
    await mina.message('never mind').hover()
    await mina.message('never mind').getByRole('button', { name: 'Delete message' }).click()
    await stage.killServer()
    await mina.page
      .getByTestId('connection')
      .getByText(/Connection lost/)
      .waitFor()
    const button = dialog(mina).getByRole('button', { name: 'Delete' })
    await button.click()
    await dialog(mina).getByText('The server cannot be reached right now.').waitFor()
    await mina.message('never mind').waitFor()
    await stage.restartServer()
    await eventually(async () => {
      if (await button.isVisible()) await button.click({ timeout: 1_000 })
      assert.equal(await dialog(mina).count(), 0)
    })
    await mina.message('This message was deleted.').waitFor()
  }),
)
