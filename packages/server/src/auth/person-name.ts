/** Makes a presentable name of what another system calls somebody. */
import { HIDDEN_CHARACTER, LIMITS, Name } from '@madang/protocol'

/** Whoever comes without a name. */
export const NAMELESS = 'Somebody'

const HIDDEN = new RegExp(HIDDEN_CHARACTER, 'gu')

/** Cuts between characters as people see them, so that no half of an emoji is left. */
function cut(text: string, charsMax: number): string {
  let kept = ''
  for (const { segment } of new Intl.Segmenter().segment(text)) {
    if (kept.length + segment.length > charsMax) break
    kept += segment
  }
  return kept
}

/** A valid name, always: hidden characters are taken out, space at the ends too, and what is too long is cut. */
export function presentableName(claimed: string | undefined): string {
  const visible = (claimed ?? '').toWellFormed().replace(HIDDEN, ' ').normalize('NFC').trim()
  const name = Name.safeParse(cut(visible, LIMITS.nameCharsMax).trim())
  return name.success ? name.data : NAMELESS
}
