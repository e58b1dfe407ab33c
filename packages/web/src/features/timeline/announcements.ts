/** What a screen reader is told of a channel that is open: what others write, once, as it comes. Pure. */
import type { TimelineItem } from '@madang/client'

export interface Announced {
  /** Everything up to it has been told, or was there before; undefined: nothing is loaded yet. */
  readonly seq: number | undefined
  readonly texts: readonly { readonly key: string; readonly name: string; readonly text: string }[]
}

export const NOTHING_ANNOUNCED: Announced = { seq: undefined, texts: [] }

/** More at once would be talked over; the rest can be read in the list. */
const TEXTS_MAX = 5

export function announce(
  before: Announced,
  items: readonly TimelineItem[],
  loaded: boolean,
  me: string,
): Announced {
  if (!loaded) return before
  const head = items.reduce((seq, item) => Math.max(seq, item.seq ?? 0), 0)
  if (before.seq === undefined) return { seq: head, texts: [] }
  if (head <= before.seq) return before
  const since = before.seq
  const texts = items.flatMap((item) =>
    item.kind === 'message' &&
    item.seq !== undefined &&
    item.seq > since &&
    item.author.id !== me &&
    item.text !== null
      ? [{ key: item.key, name: item.author.name, text: item.text }]
      : [],
  )
  return { seq: head, texts: [...before.texts, ...texts].slice(-TEXTS_MAX) }
}
