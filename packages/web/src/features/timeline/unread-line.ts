/** Where the line "new messages" stands: fixed while one reads, moved on when one comes back. Pure. */

export type UnreadInput =
  | { readonly kind: 'opened'; readonly cursor: number; readonly unread: number }
  /** The tab went out of sight when everything up to `seen` had been on screen. */
  | { readonly kind: 'hidden'; readonly seen: number }
  /** The reader answered, and so has read. */
  | { readonly kind: 'sent' }

/** The seq that the line stands after; undefined: there is no line. */
export type UnreadLine = number | undefined

export function moveUnreadLine(line: UnreadLine, input: UnreadInput): UnreadLine {
  switch (input.kind) {
    case 'opened':
      return input.unread > 0 ? input.cursor : undefined
    case 'hidden':
      return input.seen > 0 ? Math.max(input.seen, line ?? 0) : line
    case 'sent':
      return undefined
  }
}
