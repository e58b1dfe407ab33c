// The page for those who listen to it or see badly: every page and state of it, in both themes and languages, on a desk and on a phone.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { BrowserContextOptions } from 'playwright-core'
import { chromium } from '../services/chromium.ts'
import { need } from '../services/part.ts'
import { audit } from './audit.ts'
import { play, type Stage } from './stage.ts'
import type { Visitor } from './visitor.ts'

const browser = await need(chromium)
const path = () => browser.at().path
const skip = browser.skip

const isFine = async ({ page }: Visitor, where: string): Promise<void> =>
  assert.deepEqual(await audit(page), [], where)

/** A channel with everything that a message can be, two people in it, and one banned from it. */
async function furnish(stage: Stage, mina: Visitor): Promise<void> {
  const [jun, theo] = [await stage.guest('Jun'), await stage.guest('Theo')]
  await mina.makeChannel('garden')
  for (const visitor of [jun, theo]) {
    await visitor.channel('Browse channels').click()
    const garden = visitor.page.getByRole('listitem').filter({ hasText: 'garden' })
    await garden.getByRole('button', { name: 'Join' }).click()
    await visitor.composer.waitFor()
  }
  await theo.send('See https://example.com, and `this`:\n```\ncode\n```')
  await jun.send('gone')
  await mina.send('mine')
  await jun.message('gone').hover()
  await jun.message('gone').getByRole('button', { name: 'Delete message' }).click()
  await jun.page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click()
  await mina.message('This message was deleted.').waitFor()
  await mina.person('Theo').click()
  const dialog = mina.page.getByRole('dialog')
  await dialog.getByRole('button', { name: 'Ban from #garden' }).click()
  await isFine(mina, 'the question before a ban')
  await dialog.getByRole('button', { name: 'Ban', exact: true }).click()
  await dialog.waitFor({ state: 'detached' })
}

/** Opens something, looks at it, and closes it. */
async function over(visitor: Visitor, where: string, open: () => Promise<void>): Promise<void> {
  await open()
  await isFine(visitor, where)
  await visitor.page.keyboard.press('Escape')
  await visitor.page.getByRole('dialog').waitFor({ state: 'detached' })
}

for (const colorScheme of ['light', 'dark'] as const) {
  test(
    `nothing is wrong with any page, dialog or state in the ${colorScheme} theme`,
    { skip },
    play(path, async (stage) => {
      const mina = await stage.visit({ colorScheme })
      const { page } = mina
      const dialog = page.getByRole('dialog')
      await isFine(mina, 'the door')
      await page.getByText('Register', { exact: true }).click()
      await mina.button('Create account').click()
      await isFine(mina, 'the door, with what is wrong in each field')
      await page.getByText('As a guest', { exact: true }).click()
      await mina.comeIn('Mina')
      await isFine(mina, 'an empty channel')
      await furnish(stage, mina)
      await mina.message('mine').hover()
      await isFine(mina, 'a channel, and what can be done with a message')
      await over(mina, 'a person', async () => {
        await mina.person('Jun').click()
        await dialog.getByRole('button', { name: 'Make moderator' }).waitFor()
      })
      await over(mina, 'people to add', async () => {
        await mina.button('Add people').click()
        await dialog.getByRole('searchbox').waitFor()
      })
      await over(mina, 'the banned', async () => {
        await mina.button('Channel menu').click()
        await isFine(mina, 'the menu of a channel')
        await mina.button('Banned people').click()
        await dialog.getByText('Theo').waitFor()
      })
      await over(mina, 'a channel to change', async () => {
        await mina.button('Channel menu').click()
        await mina.button('Edit channel').click()
      })
      await over(mina, 'a channel to leave', async () => {
        await mina.button('Channel menu').click()
        await mina.button('Leave channel').click()
      })
      await over(mina, 'a message to delete', async () => {
        await mina.message('mine').hover()
        await mina.message('mine').getByRole('button', { name: 'Delete message' }).click()
      })
      await mina.composer.press('ArrowUp')
      await page.getByLabel('Edit your message').waitFor()
      await isFine(mina, 'a message to change')
      await page.keyboard.press('Escape')
      await over(mina, 'a new channel', () => mina.button('New channel').click())
      await over(mina, 'a new conversation', async () => {
        await mina.button('New message').click()
        await dialog.getByText('Jun').waitFor()
      })
      await over(mina, 'the switcher', () => page.keyboard.press('Control+k'))
      await over(mina, 'the shortcuts', () => page.keyboard.press('Control+/'))
      await over(mina, 'an invitation', async () => {
        await mina.button('Madang').click()
        await isFine(mina, 'the menu of a community')
        await mina.button('Invite people').click()
      })
      await mina.button('Mina: your menu').click()
      await isFine(mina, 'one’s own menu')
      await page.keyboard.press('Escape')
      await mina.channel('Browse channels').click()
      await page.getByRole('listitem').filter({ hasText: 'Joined' }).first().waitFor()
      await isFine(mina, 'the channels of a community')
      await page.getByRole('link', { name: 'Find communities' }).click()
      await page.getByRole('heading', { level: 1, name: 'Communities' }).waitFor()
      await isFine(mina, 'the communities')
      await over(mina, 'a new community', () => mina.button('New community').click())
      await page.goBack()
      await page.goBack()
      await stage.killServer()
      await mina.send('never sent')
      await page.getByTestId('connection').getByRole('button', { name: 'Try now' }).waitFor()
      await isFine(mina, 'a connection that is lost')
    }),
  )
}

const PHONE: BrowserContextOptions = {
  locale: 'ko-KR',
  viewport: { width: 390, height: 844 },
  hasTouch: true,
  isMobile: true,
}

test(
  'nothing is wrong in Korean on a phone',
  { skip },
  play(path, async (stage) => {
    const minji = await stage.visit(PHONE)
    const { page } = minji
    await isFine(minji, 'the door')
    await page.getByLabel('이름').fill('민지')
    await minji.button('이야기 시작하기').tap()
    await minji.composer.waitFor()
    const jun = await stage.guest('Jun')
    await jun.send('안녕하세요, 민지 님')
    await minji.sees('안녕하세요, 민지 님')
    await minji.message('안녕하세요').tap()
    await isFine(minji, 'a channel')
    await minji.button('채널 보기').tap()
    await isFine(minji, 'the drawer')
    await over(minji, 'a new channel', () => minji.button('새 채널').tap())
    await page.keyboard.press('Escape')
    await minji.button('멤버 보기').tap()
    await isFine(minji, 'the members')
    await page.getByTitle('Jun 님 정보').tap()
    await minji.button('Jun 님에게 메시지 보내기').waitFor()
    await isFine(minji, 'a person')
    await minji.button('Jun 님에게 메시지 보내기').tap()
    await page.getByRole('heading', { level: 1, name: 'Jun', exact: true }).waitFor()
    await minji.composer.waitFor()
    await isFine(minji, 'a conversation')
  }),
)

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
