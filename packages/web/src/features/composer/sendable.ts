/** What of a draft can be sent. Pure. */
import { LIMITS } from '@madang/client'

/** The text as it is sent: without space at its ends, NUL and broken characters; undefined where nothing or too much is left. */
export function sendable(draft: string): string | undefined {
  const text = draft.replaceAll('\0', '').toWellFormed().trim()
  return text === '' || text.length > LIMITS.textCharsMax ? undefined : text
}

/** From here on the composer says how much room is left. */
const COUNT_FROM_CHARS = 200

/** Characters left; negative: too many; undefined: plenty. */
export function room(draft: string): number | undefined {
  const left = LIMITS.textCharsMax - draft.trim().length
  return left <= COUNT_FROM_CHARS ? left : undefined
}
