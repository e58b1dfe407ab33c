// What a page owes to those who listen to it or see badly: what axe-core knows, and beside it what axe-core does not look at.
import axe from 'axe-core'
import type { Page } from 'playwright-core'

/** WCAG 2.0 to 2.2, level A and AA, and what is good practice beyond them. */
const RULES = [
  'wcag2a',
  'wcag2aa',
  'wcag21a',
  'wcag21aa',
  'wcag22a',
  'wcag22aa',
  'best-practice',
] as const

/** Resolves to what is wrong with the page as it is shown now; empty where nothing is. */
export async function audit(page: Page): Promise<readonly string[]> {
  await settled(page)
  // The debugger evaluates the source, so that the page's own policy stays as strict as it is.
  await page.evaluate(axe.source)
  const found = await page.evaluate(findViolations, [...RULES])
  return [...found, ...(await page.evaluate(findShape)), ...(await page.evaluate(findFaint))]
}

/** What fades in is half seen, and has half of its contrast. */
async function settled(page: Page): Promise<void> {
  await page.waitForFunction(() =>
    document
      .getAnimations()
      .every(
        ({ effect, playState }) =>
          playState !== 'running' || effect?.getComputedTiming().iterations === Infinity,
      ),
  )
}

/** Runs in the page, where the source has made `axe` a global. */
async function findViolations(rules: string[]): Promise<string[]> {
  const runner: typeof axe = Reflect.get(globalThis, 'axe')
  const { violations } = await runner.run(document, {
    runOnly: { type: 'tag', values: rules },
    resultTypes: ['violations'],
  })
  return violations.flatMap(({ id, help, nodes }) =>
    nodes.map((node) => `${id}: ${help}: ${node.html.slice(0, 120)}`),
  )
}

/** Runs in the page. */
function findShape(): string[] {
  const all = [...document.querySelectorAll<HTMLElement>('body *')].filter((each) =>
    each.checkVisibility({ visibilityProperty: true }),
  )
  const say = (each: Element) => each.outerHTML.slice(0, 90)
  const labelled = (each: Element) =>
    (each.getAttribute('aria-labelledby') ?? '')
      .split(' ')
      .map((id) => document.getElementById(id)?.textContent ?? '')
      .join('')
  const problems: string[] = []
  for (const each of all) {
    const isPart = each.matches('nav, aside, dialog, section, fieldset, [role="log"]')
    if (isPart && !each.getAttribute('aria-label') && !labelled(each).trim()) {
      problems.push(`is a part without a name: ${say(each)}`)
    }
    if (each.matches('a:not([href])')) problems.push(`is a link to nowhere: ${say(each)}`)
    if (each.id && document.querySelectorAll(`[id="${CSS.escape(each.id)}"]`).length > 1) {
      problems.push(`shares its id: ${say(each)}`)
    }
  }
  return problems
}

/** Runs in the page. WCAG 2.2, 1.4.3; texts over a scrim or that cannot be used are not counted. */
function findFaint(): string[] {
  const TEXT_MIN = 4.5
  const context = document.createElement('canvas').getContext('2d', { willReadFrequently: true })
  if (!context) throw new Error('no canvas to read colours with')
  /** Draws one colour over another, and reads what is seen. */
  const seen = (...colours: readonly string[]): readonly number[] => {
    for (const colour of colours) {
      context.fillStyle = colour
      context.fillRect(0, 0, 1, 1)
    }
    return [...context.getImageData(0, 0, 1, 1).data]
  }
  const luminance = (colour: readonly number[]): number => {
    const linear = colour.slice(0, 3).map((value) => {
      const part = value / 255
      return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
    })
    return 0.2126 * (linear[0] ?? 0) + 0.7152 * (linear[1] ?? 0) + 0.0722 * (linear[2] ?? 0)
  }
  const backs = (each: Element | null): string[] =>
    each ? [...backs(each.parentElement), getComputedStyle(each).backgroundColor] : ['white']
  const open = document.querySelector('dialog[open]')
  const problems = new Set<string>()
  for (const each of document.querySelectorAll<HTMLElement>('body *')) {
    const text = [...each.childNodes].find((node) => node.nodeType === 3 && node.nodeValue?.trim())
    if (!text || !each.checkVisibility({ visibilityProperty: true, opacityProperty: true }))
      continue
    if (each.closest('.visually-hidden, :disabled, [inert]') || (open && !open.contains(each)))
      continue
    const over = backs(each)
    const back = luminance(seen(...over))
    const front = luminance(seen(...over, getComputedStyle(each).color))
    const contrast = (Math.max(front, back) + 0.05) / (Math.min(front, back) + 0.05)
    if (contrast < TEXT_MIN) {
      problems.add(`${contrast.toFixed(2)}: ${each.className} "${text.nodeValue?.slice(0, 30)}"`)
    }
  }
  return [...problems]
}
