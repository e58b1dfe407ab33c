// Without a mouse, from the door to every button.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { chromium } from '../services/chromium.ts'
import { need } from '../services/part.ts'
import { play } from './stage.ts'
import type { Visitor } from './visitor.ts'

const browser = await need(chromium)
const path = () => browser.at().path
const skip = browser.skip

const focusIsIn = (visitor: Visitor, selector: string) =>
  visitor.page.waitForFunction((wanted) => document.activeElement?.matches(wanted), selector)

test(
  'somebody comes in, writes, changes and deletes a message with the keyboard alone',
  { skip },
  play(path, async (stage) => {
    const visitor = await stage.visit()
    const { keyboard } = visitor.page
    await focusIsIn(visitor, 'input')
    await keyboard.type('Mina')
    await keyboard.press('Enter')
    await visitor.composer.waitFor()
    await focusIsIn(visitor, '#composer')
    await keyboard.type('first line')
    await keyboard.press('Shift+Enter')
    await keyboard.type('second line')
    await keyboard.press('Enter')
    await visitor.sees('first line\nsecond line')
    await keyboard.type('another')
    await keyboard.press('Enter')
    await visitor.sees('first line\nsecond line', 'another')

    await keyboard.press('Shift+Tab')
    await focusIsIn(visitor, '[data-testid="timeline"]')
    await keyboard.press('ArrowUp')
    await focusIsIn(visitor, 'article:has([data-deed])')
    await keyboard.press('ArrowUp')
    await keyboard.press('Tab')
    await focusIsIn(visitor, '[data-deed="edit"]')
    await keyboard.press('Enter')
    await focusIsIn(visitor, 'article textarea')
    await keyboard.press('Control+a')
    await keyboard.type('changed')
    await keyboard.press('Enter')
    await visitor.sees('changed (edited)', 'another')
    await focusIsIn(visitor, '#composer')

    await keyboard.press('Shift+Tab')
    await keyboard.press('ArrowUp')
    await keyboard.press('Delete')
    await focusIsIn(visitor, 'dialog [type="submit"]')
    await keyboard.press('Enter')
    await visitor.message('This message was deleted.').waitFor()
    await visitor.sees('changed (edited)')
  }),
)

test(
  'shortcuts lead to any channel, and are listed',
  { skip },
  play(path, async (stage) => {
    const mina = await stage.guest('Mina')
    const { keyboard } = mina.page
    const at = (name: string) =>
      mina.page.getByRole('heading', { level: 1, name, exact: true }).waitFor()
    await mina.makeChannel('garden')
    await mina.makeChannel('공지')
    await keyboard.press('Alt+ArrowUp')
    await at('general')
    await keyboard.press('Alt+ArrowDown')
    await at('공지')
    await keyboard.press('Control+k')
    await focusIsIn(mina, '[role="combobox"]')
    await keyboard.type('gar')
    await keyboard.press('Enter')
    await at('garden')
    await keyboard.press('Control+k')
    await mina.page.getByRole('combobox').fill('ㄱㅈ')
    await mina.page.getByRole('option', { name: '공지', selected: true }).waitFor()
    await keyboard.press('Enter')
    await at('공지')
    await focusIsIn(mina, '#composer')
    await keyboard.type('?')
    assert.equal(await mina.composer.inputValue(), '?', 'a question may be asked')
    await keyboard.press('Shift+Tab')
    await keyboard.press('?')
    await mina.page.getByRole('dialog', { name: 'Keyboard shortcuts' }).waitFor()
    await keyboard.press('Escape')
    await mina.page.getByRole('dialog').waitFor({ state: 'detached' })
    await keyboard.press('Escape')
    await focusIsIn(mina, '#composer')
  }),
)

test(
  'every button of the page is reached with Tab, and shows that it has the focus',
  { skip },
  play(path, async (stage) => {
    const mina = await stage.guest('Mina')
    await mina.send('hello')
    await mina.sees('hello')
    const reached = new Set<string>()
    const unseen: string[] = []
    for (let step = 0; step < 30; step++) {
      await mina.page.keyboard.press('Tab')
      const { name, shown } = await mina.page.evaluate(() => {
        const focused = document.activeElement
        if (!focused || focused === document.body) return { name: '', shown: true }
        const style = getComputedStyle(focused)
        const isBoxed = focused.matches('form textarea')
        return {
          name: focused.getAttribute('aria-label') ?? focused.textContent ?? '',
          // The field where one writes shows it by its frame.
          shown: isBoxed || (style.outlineStyle !== 'none' && style.outlineWidth !== '0px'),
        }
      })
      reached.add(name)
      if (!shown) unseen.push(name)
    }
    for (const name of [
      'Skip to writing a message',
      'Find communities',
      'Mina: your menu',
      'New channel',
      'Channel menu',
      'Hide members',
    ]) {
      assert.ok(reached.has(name), `${name} among ${[...reached].join(', ')}`)
    }
    assert.deepEqual(unseen, [], 'without a visible focus')
  }),
)
