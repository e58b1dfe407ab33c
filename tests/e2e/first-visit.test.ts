// From an address that somebody was given to the first message, in either language.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { chromium } from '../services/chromium.ts'
import { need } from '../services/part.ts'
import { play } from './stage.ts'

const browser = await need(chromium)
const path = () => browser.at().path
const skip = browser.skip

test(
  'a guest says a name and talks',
  { skip },
  play(path, async (stage) => {
    const visitor = await stage.visit()
    const { page } = visitor
    assert.equal(await page.title(), 'Madang')
    await visitor.button('Start talking').click()
    await page.getByText('Please fill this in.').waitFor()
    await visitor.comeIn('Mina Park')
    await visitor.send('Hello, yard!')
    await visitor.message('Hello, yard!').and(page.locator('[data-state="sent"]')).waitFor()
    assert.equal(await visitor.composer.inputValue(), '')
  }),
)

test(
  'a reload finds the person, the channel, what was said and what was half written',
  { skip },
  play(path, async (stage) => {
    const visitor = await stage.guest('Mina')
    await visitor.send('before')
    await visitor.sees('before')
    await visitor.composer.fill('half a sen')
    await visitor.page.reload()
    await visitor.sees('before')
    assert.equal(await visitor.composer.inputValue(), 'half a sen')
  }),
)

test(
  'the page speaks Korean to Koreans, and changes its language at once',
  { skip },
  play(path, async (stage) => {
    const { page } = await stage.visit({ locale: 'ko-KR' })
    await page.getByRole('heading', { name: '어서 오세요' }).waitFor()
    assert.equal(await page.locator('html').getAttribute('lang'), 'ko')
    await page.getByText('English').click()
    await page.getByRole('heading', { name: 'Come on in' }).waitFor()
    assert.equal(await page.locator('html').getAttribute('lang'), 'en')
  }),
)

test(
  'who registers can sign out and in again, and a wrong password is told',
  { skip },
  play(path, async (stage) => {
    const visitor = await stage.visit()
    const { page } = visitor
    await page.getByText('Register', { exact: true }).click()
    await page.getByLabel('Your name').fill('Jun')
    await page.getByLabel('Login').fill('jun')
    await page.getByLabel('Password').fill('persimmon tree')
    await visitor.button('Create account').click()
    await page.getByRole('button', { name: 'Jun: your menu' }).click()
    await visitor.button('Sign out').click()
    await page.getByText('Sign in', { exact: true }).first().click()
    await page.getByLabel('Login').fill('jun')
    await page.getByLabel('Password').fill('wrong tree')
    await visitor.button('Sign in').click()
    await page.getByText('That login and password do not match.').waitFor()
    await page.getByLabel('Password').fill('persimmon tree')
    await visitor.button('Sign in').click()
    await page.getByRole('button', { name: 'Jun: your menu' }).waitFor()
    await visitor.composer.waitFor()
  }),
)
