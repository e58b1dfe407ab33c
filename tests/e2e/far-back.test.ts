// Reading further back than a page keeps, and on from there: what is read stays, and what was let go comes again.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Locator, Page } from 'playwright-core'
import { chromium } from '../services/chromium.ts'
import { need } from '../services/part.ts'
import { eventually } from './eventually.ts'
import { writeLong } from './long-past.ts'
import { play } from './stage.ts'

const browser = await need(chromium)
const path = () => browser.at().path
const skip = browser.skip

/** More than a timeline keeps, which is 5,000. */
const LINES = 6_500
const GOAL = 800

test(
  'whoever reads further back than a page keeps stays there, reads on in either direction without a hole, and comes back',
  { skip },
  play(path, async (stage) => {
    await writeLong(stage, LINES)
    const mina = await stage.guest('Mina')
    const jun = await stage.spectator('Jun')
    const { page } = mina
    await mina.message(`line ${LINES} `).waitFor()
    await mina.timeline.hover()
    await wheelTo(page, -1, (lines) => Math.min(...lines) < GOAL)

    // Somebody writes: what is read stays where it is.
    const before = await atRest(page)
    await jun.send(jun.place('general').id, 'news')
    await jump(page).waitFor()
    await eventually(async () => assert.deepEqual(await inSight(page), before))

    // On to where the page had let go, and beyond.
    await wheelTo(page, 1, (lines) => Math.max(...lines) > LINES - 300)
    await wheelTo(page, -1, (lines) => Math.min(...lines) < 5_000)

    await jump(page).click()
    await mina.sees('news')
    await mina.send('I am back')
    await mina.sees('I am back')
  }),
)

test(
  'whoever writes while reading far back sees what they wrote',
  { skip },
  play(path, async (stage) => {
    await writeLong(stage, LINES)
    const mina = await stage.guest('Mina')
    await mina.message(`line ${LINES} `).waitFor()
    await mina.timeline.hover()
    await wheelTo(mina.page, -1, (lines) => Math.min(...lines) < GOAL)
    await mina.send('from far back')
    await mina.sees('from far back')
    await mina.message(`line ${LINES} `).waitFor()
  }),
)

/** A machine that is busy with other tests is slow, not wrong. */
const PATIENCE_MS = 240_000

/** Turns the wheel until it is there; the lines on the page are one after the other all the way. */
async function wheelTo(
  page: Page,
  direction: 1 | -1,
  isThere: (lines: readonly number[]) => boolean,
): Promise<void> {
  const deadline = performance.now() + PATIENCE_MS
  for (;;) {
    const seen = await eventually(async () => {
      const drawn = await lines(page)
      assert.notEqual(drawn.length, 0, 'something is drawn')
      return drawn
    })
    for (const [at, line] of seen.entries())
      assert.equal(line, (seen[0] ?? 0) + at, `a hole in ${seen}`)
    if (isThere(seen)) return
    assert.ok(performance.now() < deadline, `came as far as ${seen[0]} to ${seen.at(-1)}`)
    await page.mouse.wheel(0, direction * 3_000)
    await page.waitForTimeout(20)
  }
}

/** What is in sight once the list has come to rest. */
function atRest(page: Page): Promise<readonly string[]> {
  let last: readonly string[] = []
  return eventually(async () => {
    const before = last
    last = await inSight(page)
    assert.ok(last.length > 0)
    assert.deepEqual(last, before)
    return last
  })
}

/** More is drawn than can be seen, and how much changes by itself. */
function inSight(page: Page): Promise<readonly string[]> {
  return page.getByTestId('timeline').evaluate((list) => {
    const { top, bottom } = list.getBoundingClientRect()
    return [...list.querySelectorAll('[data-testid="message"]')].flatMap((row) => {
      const text = row.querySelector('p[dir]')
      const box = text?.getBoundingClientRect()
      return text && box && box.bottom > top && box.top < bottom ? [text.textContent ?? ''] : []
    })
  })
}

const jump = (page: Page): Locator =>
  page.getByRole('button', { name: /new message|Jump to latest/ })

/** The numbers of the lines that are drawn, from top to bottom. */
async function lines(page: Page): Promise<readonly number[]> {
  const texts = await page.getByTestId('message').locator('p[dir]').allInnerTexts()
  return texts.flatMap((text) => {
    const number = /^line (\d+) /.exec(text)?.[1]
    return number === undefined ? [] : [Number(number)]
  })
}
