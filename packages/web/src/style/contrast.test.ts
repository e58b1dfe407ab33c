import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'

const CSS = readFileSync(new URL('./tokens.css', import.meta.url), 'utf8')
const THEMES = ['light', 'dark'] as const
type Theme = (typeof THEMES)[number]
type Colour = readonly [red: number, green: number, blue: number, alpha: number]

/** A token's colour in a theme, in linear light. */
function colour(name: string, theme: Theme): Colour {
  const value = new RegExp(`--${name}:\\s*([^;]+);`).exec(CSS)?.[1] ?? ''
  const all = [...value.matchAll(/oklch\(([^)]+)\)/g)].map(([, inside]) => inside ?? '')
  const text = all[theme === 'dark' && all.length > 1 ? 1 : 0]
  assert.ok(text, `no colour ${name}`)
  const [l = 0, c = 0, h = 0, alpha = 1] = text.split(/[\s/]+/).map(Number)
  return [...fromOklch(l, c, (h * Math.PI) / 180), alpha]
}

/** The matrices of the CSS Color 4 specification. */
function fromOklch(lightness: number, chroma: number, hue: number): [number, number, number] {
  const a = chroma * Math.cos(hue)
  const b = chroma * Math.sin(hue)
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3
  const clip = (value: number) => Math.min(1, Math.max(0, value))
  return [
    clip(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s),
    clip(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s),
    clip(-0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s),
  ]
}

const luminance = ([red, green, blue]: Colour): number =>
  0.2126 * red + 0.7152 * green + 0.0722 * blue

function contrast(front: Colour, back: Colour): number {
  const [light, dark] = [luminance(front), luminance(back)].sort((a, b) => b - a)
  return ((light ?? 0) + 0.05) / ((dark ?? 0) + 0.05)
}

/** WCAG 2.2, 1.4.3: text. */
const TEXT = 4.5
const READ: readonly (readonly [front: string, back: readonly string[]])[] = [
  ['ink', ['paper', 'ground', 'raised', 'accent-soft', 'danger-soft']],
  ['ink-soft', ['paper', 'ground', 'raised', 'accent-soft']],
  ['ink-faint', ['paper', 'ground', 'raised']],
  ['accent-text', ['paper', 'ground', 'raised', 'accent-soft']],
  ['accent-ink', ['accent', 'accent-hover']],
  ['danger', ['paper', 'raised', 'danger-soft']],
  ['danger-ink', ['danger']],
  ['rail-ink', ['rail']],
]

/** WCAG 2.2, 1.4.11: what shows where a field is, what has the focus, who is there. */
const SHAPE = 3
const SEEN: readonly (readonly [front: string, back: readonly string[]])[] = [
  ['line-strong', ['paper', 'raised']],
  ['accent', ['paper', 'ground', 'raised']],
  ['online', ['ground', 'paper']],
]

for (const theme of THEMES) {
  test(`what is written can be read in the ${theme} theme`, () => {
    assert.deepEqual(tooFaint(theme, READ, TEXT), [])
  })

  test(`what is drawn can be seen in the ${theme} theme`, () => {
    assert.deepEqual(tooFaint(theme, SEEN, SHAPE), [])
  })
}

test('black on white has a contrast of 21, and a colour none with itself', () => {
  assert.equal(Math.round(contrast([0, 0, 0, 1], [1, 1, 1, 1])), 21)
  assert.equal(contrast([0.3, 0.2, 0.1, 1], [0.3, 0.2, 0.1, 1]), 1)
})

function tooFaint(theme: Theme, pairs: typeof READ, least: number): readonly string[] {
  return pairs.flatMap(([front, backs]) =>
    backs.flatMap((back) => {
      const found = contrast(colour(front, theme), colour(back, theme))
      return found < least ? [`${front} on ${back}: ${found.toFixed(2)}`] : []
    }),
  )
}
