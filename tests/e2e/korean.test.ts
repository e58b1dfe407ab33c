// Writing Korean: the input method has the keys first.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { CDPSession } from 'playwright-core'
import { chromium } from '../services/chromium.ts'
import { need } from '../services/part.ts'
import { play } from './stage.ts'

const browser = await need(chromium)

test(
  'Enter that ends a syllable does not send it, the next Enter does',
  { skip: browser.skip },
  play(
    () => browser.at().path,
    async (stage) => {
      const mina = await stage.guest('민아', { locale: 'en-GB' })
      const devtools = await mina.context.newCDPSession(mina.page)
      await mina.composer.focus()
      await compose(devtools, 'ㅎ')
      await compose(devtools, '하')
      await compose(devtools, '한')
      await pressComposing(devtools, 'Enter')
      assert.equal(await mina.composer.inputValue(), '한')
      assert.deepEqual(await mina.texts(), [])
      await devtools.send('Input.insertText', { text: '한' })
      await compose(devtools, '글')
      await pressComposing(devtools, 'Enter')
      await devtools.send('Input.insertText', { text: '글' })
      assert.equal(await mina.composer.inputValue(), '한글')
      await mina.composer.press('Enter')
      await mina.sees('한글')
      assert.equal(await mina.composer.inputValue(), '')
    },
  ),
)

const compose = (devtools: CDPSession, text: string) =>
  devtools.send('Input.imeSetComposition', {
    text,
    selectionStart: text.length,
    selectionEnd: text.length,
  })

/** As browsers tell of a key that the input method takes: under the code 229. */
const pressComposing = (devtools: CDPSession, key: string) =>
  devtools.send('Input.dispatchKeyEvent', {
    type: 'rawKeyDown',
    key,
    windowsVirtualKeyCode: 229,
    nativeVirtualKeyCode: 229,
  })
