// The server dies in the middle of a conversation and comes back.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { chromium } from '../services/chromium.ts'
import { need } from '../services/part.ts'
import { eventually } from './eventually.ts'
import { play } from './stage.ts'

const browser = await need(chromium)

test(
  'a server that is killed while people write loses nothing and doubles nothing',
  { skip: browser.skip },
  play(
    () => browser.at().path,
    async (stage) => {
      const mina = await stage.guest('Mina')
      const jun = await stage.guest('Jun')
      const said: string[] = []
      const say = async (text: string) => {
        said.push(text)
        await mina.send(text)
      }
      for (const text of ['1 before', '2 before', '3 as it dies']) await say(text)
      // What was just sent may be in the log or not, and its answer may have been lost on the way.
      await stage.killServer()
      for (const text of ['4 while it is dead', '5 while it is dead']) await say(text)
      await mina.page.getByTestId('connection').getByText('Connection lost').waitFor()
      await mina.composer.fill('6 half wri')
      await stage.restartServer()
      await mina.page.getByTestId('connection').getByText('Connected again.').waitFor()
      assert.equal(await mina.composer.inputValue(), '6 half wri')
      await mina.composer.pressSequentially('tten')
      await mina.composer.press('Enter')
      said.push('6 half written')
      await mina.sees(...said)
      await jun.sees(...said)
      const own = async (texts: readonly string[]) => texts.filter((text) => /^\d /.test(text))
      assert.deepEqual(await own(await mina.texts()), said, 'nothing twice for the writer')
      assert.deepEqual(await own(await jun.texts()), said, 'nothing twice for the reader')
      const theo = await stage.guest('Theo')
      await theo.sees(...said)
      assert.deepEqual(await own(await theo.texts()), said, 'nothing twice in the log')
    },
  ),
)

test(
  'what was written while the server was dead survives a reload of the page',
  { skip: browser.skip },
  play(
    () => browser.at().path,
    async (stage) => {
      const mina = await stage.guest('Mina')
      await mina.send('before')
      await mina.sees('before')
      await stage.killServer()
      await mina.send('written in the dark')
      await mina.page.locator('[data-state="pending"]').waitFor()
      await stage.restartServer()
      await mina.page.reload()
      await mina.sees('before', 'written in the dark')
      await eventually(async () =>
        assert.equal(await mina.message('written in the dark').count(), 1),
      )
    },
  ),
)
