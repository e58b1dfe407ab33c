// Scrolling back through a long past, and down again.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Page } from 'playwright-core'
import { chromium } from '../services/chromium.ts'
import { need } from '../services/part.ts'
import { eventually } from './eventually.ts'
import { writeLong } from './long-past.ts'
import { play, type Stage } from './stage.ts'

const browser = await need(chromium)
const path = () => browser.at().path
const skip = browser.skip

const MESSAGES = 320
const NOTCH = 240

test(
  'the past is scrolled through without a jump and without a hole',
  { skip },
  play(path, async (stage) => {
    await fill(stage, MESSAGES)
    const mina = await stage.guest('Mina')
    await mina.message(`line ${MESSAGES} `).waitFor()
    const seen = new Set<string>()
    await mina.timeline.hover()
    let last: Places | undefined
    for (let first = Number.POSITIVE_INFINITY; first > 1; ) {
      for (const line of await lines(mina.page)) seen.add(line)
      last = await scrollUp(mina.page, last)
      first = Math.min(...[...seen].map(numberOf))
    }
    const all = [...seen].map(numberOf).sort((a, b) => a - b)
    assert.deepEqual(
      all,
      Array.from({ length: MESSAGES }, (_, at) => at + 1),
    )
    await mina.page.getByText('This is where #general begins').waitFor({ state: 'attached' })
  }),
)

test(
  'whoever reads the past stays there when others write, and comes back with one press',
  { skip },
  play(path, async (stage) => {
    await fill(stage, 80)
    const mina = await stage.guest('Mina')
    const jun = await stage.spectator('Jun')
    await mina.message('line 80 ').waitFor()
    await mina.timeline.hover()
    for (let notch = 0; notch < 5; notch++) await scrollUp(mina.page)
    const before = await places(mina.page)
    await jun.send(jun.place('general').id, 'news')
    const jump = mina.button('1 new message')
    await jump.waitFor()
    assertMoved(before, await places(mina.page), 0)
    await jump.click()
    await mina.sees('news')
    await jump.waitFor({ state: 'detached' })
  }),
)

test(
  'whoever is at the end stays at the end',
  { skip },
  play(path, async (stage) => {
    await fill(stage, 60)
    const mina = await stage.guest('Mina')
    const jun = await stage.spectator('Jun')
    await mina.message('line 60 ').waitFor()
    for (const text of ['a', `long ${'word '.repeat(200)}end`, 'b']) {
      await jun.send(jun.place('general').id, text)
      await mina.message(text.trim()).last().waitFor()
      await eventually(async () => assert.ok((await fromEnd(mina.page)) <= 2))
    }
    await mina.page.setViewportSize({ width: 1280, height: 500 })
    await eventually(async () => assert.ok((await fromEnd(mina.page)) <= 2))
  }),
)

test(
  'whoever scrolls away from the end while rows still grow is not pulled back',
  { skip },
  play(path, async (stage) => {
    await fill(stage, 60)
    const mina = await stage.guest('Mina')
    await mina.message('line 60 ').waitFor()
    await mina.timeline.hover()
    const growing = await mina.page.evaluate((everyMs) => {
      const sheet = new CSSStyleSheet()
      document.adoptedStyleSheets.push(sheet)
      let height = 100
      return setInterval(() => {
        height += 1
        sheet.replaceSync(`[data-testid="timeline"] li:last-of-type { min-height: ${height}px }`)
      }, everyMs)
    }, 30)
    await eventually(async () => assert.ok((await fromEnd(mina.page)) <= 2))
    await mina.page.mouse.wheel(0, -NOTCH)
    await eventually(async () => assert.ok((await fromEnd(mina.page)) >= NOTCH))
    const before = await places(mina.page)
    await mina.page.waitForTimeout(1_000)
    assertMoved(before, await places(mina.page), 0)
    assert.ok((await fromEnd(mina.page)) >= NOTCH)
    await mina.page.evaluate((timer) => clearInterval(timer), growing)
  }),
)

test(
  'of a hundred thousand messages a screen or three is on the page, however far one reads back',
  { skip },
  play(path, async (stage) => {
    await writeLong(stage, LONG)
    const mina = await stage.guest('Mina')
    await mina.message(`line ${LONG} `).waitFor()
    await mina.timeline.hover()
    const drawn = () => mina.timeline.locator('*').count()
    const oldest = async () => Math.min(...(await lines(mina.page)).map(numberOf))
    let last: Places | undefined
    for (let notch = 0; notch < 20; notch++) last = await scrollUp(mina.page, last)
    for (let goal = LONG - 250; goal >= LONG - 1_000; goal -= 250) {
      await eventually(async () => {
        await mina.page.mouse.wheel(0, -4_000)
        assert.ok((await oldest()) < goal, `further back than ${goal}`)
      })
      assert.ok((await drawn()) < NODES_MAX, `${await drawn()} nodes`)
    }
    await mina.button('Jump to latest').click()
    await mina.message(`line ${LONG} `).waitFor()
    await eventually(async () => assert.ok((await fromEnd(mina.page)) <= 2))
    assert.ok((await drawn()) < NODES_MAX, `${await drawn()} nodes`)
  }),
)

const LONG = 100_000
/** A window of 800 pixels and 1,000 on either side of it are about a hundred one-line rows, of less than a dozen nodes each. */
const NODES_MAX = 2_000

/** A burst of one person is bounded: many people fill a channel. */
async function fill(stage: Stage, messages: number): Promise<void> {
  const each = 35
  for (let from = 0; from < messages; from += each) {
    const writer = await stage.spectator(`Writer ${from / each + 1}`)
    const { id } = writer.place('general')
    for (let at = from; at < Math.min(from + each, messages); at++) {
      await writer.send(
        id,
        `line ${at + 1} ${'word '.repeat((at * 7) % 60)}`.trimEnd().concat(' .'),
      )
    }
    writer.leave()
  }
}

const numberOf = (text: string): number => Number(/^line (\d+) /.exec(text)?.[1])

async function lines(page: Page): Promise<readonly string[]> {
  const texts = await page.getByTestId('message').locator('p[dir]').allInnerTexts()
  return texts.filter((text) => text.startsWith('line '))
}

type Places = ReadonlyMap<string, number>

/** Where each message that can be seen stands in the window, in pixels. */
async function places(page: Page): Promise<Places> {
  const rows = await page.getByTestId('timeline').evaluate((list) => {
    const { top, bottom } = list.getBoundingClientRect()
    return [...list.querySelectorAll('[data-testid="message"]')].flatMap((row) => {
      const text = row.querySelector('p[dir]')?.getBoundingClientRect()
      if (!text || text.bottom <= top || text.top >= bottom) return []
      return [[row.getAttribute('data-seq') ?? '', text.top] as const]
    })
  })
  return new Map(rows)
}

/** A place is rounded to whole pixels by the browser, and by the list for each row that it measures on the way: several at once where the machine is slow. */
const ROUNDING = 5

/** Proves that every message that is seen before and after moved by this distance. */
function assertMoved(before: Places, after: Places, distance: number): void {
  const kept = [...after].filter(([seq]) => before.has(seq))
  assert.notEqual(kept.length, 0, 'nothing of what was seen is still there')
  for (const [seq, top] of kept) {
    const moved = top - (before.get(seq) ?? 0)
    assert.ok(Math.abs(moved - distance) <= ROUNDING, `message ${seq} moved by ${moved}`)
  }
}

/**
 * Turns the wheel by a notch, and proves that everything moved by just that, whatever was loaded meanwhile, and that nothing has moved since
 * the notch before. Resolves to where everything stands now.
 */
async function scrollUp(page: Page, last?: Places): Promise<Places> {
  const before = await places(page)
  if (last) assertMoved(last, before, 0)
  await page.mouse.wheel(0, -NOTCH)
  return eventually(async () => {
    const after = await places(page)
    // At the very beginning a notch is as long as what is left.
    if ((await scrollTop(page)) > 0) assertMoved(before, after, NOTCH)
    return after
  })
}

const scrollTop = (page: Page): Promise<number> =>
  page.getByTestId('timeline').evaluate((list) => list.scrollTop)

const fromEnd = (page: Page): Promise<number> =>
  page
    .getByTestId('timeline')
    .evaluate((list) => list.scrollHeight - list.clientHeight - list.scrollTop)
