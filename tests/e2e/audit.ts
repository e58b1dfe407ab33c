// What a page owes to those who listen to it or see badly: names, roles, references that lead somewhere, contrast.
import type { Page } from 'playwright-core'

/** Resolves to what is wrong with the page as it is shown now; empty where nothing is. */
export async function audit(page: Page): Promise<readonly string[]> {
  const [shape, contrast] = [await page.evaluate(findShape), await page.evaluate(findFaint)]
  return [...shape, ...contrast]
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
  const name = (each: HTMLElement) =>
    each.getAttribute('aria-label') ||
    labelled(each) ||
    (each instanceof HTMLInputElement || each instanceof HTMLTextAreaElement
      ? [...(each.labels ?? [])].map((label) => label.textContent).join('')
      : each.textContent)
  const problems: string[] = []
  const NAMED =
    'button, a[href], input, textarea, nav, aside, dialog, section, fieldset, [role="log"]'
  for (const each of all) {
    if (each.matches(NAMED) && !name(each)?.trim()) problems.push(`has no name: ${say(each)}`)
    if (each.tabIndex > 0) problems.push(`takes a place of its own in the order: ${say(each)}`)
    if (each.matches('a:not([href])')) problems.push(`is a link to nowhere: ${say(each)}`)
    if (each.closest('[aria-hidden="true"]') && each.tabIndex >= 0) {
      problems.push(`has the focus though it is hidden: ${say(each)}`)
    }
    for (const attribute of ['aria-labelledby', 'aria-describedby', 'aria-controls']) {
      for (const id of each.getAttribute(attribute)?.split(' ') ?? []) {
        if (!document.getElementById(id)) problems.push(`${attribute} to nothing: ${say(each)}`)
      }
    }
    if (each.id && document.querySelectorAll(`[id="${CSS.escape(each.id)}"]`).length > 1) {
      problems.push(`shares its id: ${say(each)}`)
    }
  }
  if (document.querySelectorAll('main').length !== 1) problems.push('has not one main part')
  if (!document.documentElement.lang) problems.push('says no language')
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
