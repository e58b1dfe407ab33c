/** How a name and an id become an avatar: one or two letters, and one of twelve hues. */

const HANGUL_NAME = /^[가-힣]{3}$/
const HUES = 12
const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' })

const split = (text: string): string[] => [...graphemes.segment(text)].map((each) => each.segment)

/** A Korean name of three syllables goes by its last two; other names by the first letters of their first two words. */
export function initials(name: string): string {
  const trimmed = name.trim()
  if (HANGUL_NAME.test(trimmed)) return trimmed.slice(1)
  const words = trimmed.split(/\s+/).filter((word) => word !== '')
  const letters = words.slice(0, 2).map((word) => split(word)[0] ?? '')
  return letters.join('').toLocaleUpperCase() || '?'
}

/** The same id has the same hue everywhere, for everybody. FNV-1a, for its spread over short strings. */
export function hue(id: string): number {
  let hash = 0x811c9dc5
  for (let at = 0; at < id.length; at++) {
    hash = Math.imul(hash ^ id.charCodeAt(at), 0x01000193)
  }
  return (hash >>> 0) % HUES
}
