// Whoever wants to use the API reads it in a browser, and tries it there, under the policy that the server itself sets.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ROUTES } from '@madang/protocol'
import { chromium } from '../services/chromium.ts'
import { need } from '../services/part.ts'
import { play } from './stage.ts'

const browser = await need(chromium)

test(
  'the API can be read and tried in a browser',
  { skip: browser.skip },
  play(
    () => browser.at().path,
    async (stage) => {
      const { page } = await stage.visit()
      await page.goto(new URL('/api/docs', page.url()).href)
      await page.locator('.opblock').first().waitFor()
      assert.equal(await page.locator('.opblock').count(), Object.keys(ROUTES).length)
      const comeIn = page.locator('#operations-sessions-createGuest')
      await comeIn.click()
      await comeIn.locator('textarea').fill('{"name":"Reader"}')
      await comeIn.locator('.execute').click()
      const answer = comeIn.locator('.live-responses-table tbody .response-col_status').first()
      assert.match(await answer.innerText(), /^201/)
    },
  ),
)
