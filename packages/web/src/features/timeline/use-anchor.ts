/** Keeps the reader's place in the list: at the end while they are at the end, at a row that they were led to, else where they are. */
import { type RefObject, useEffect, useLayoutEffect, useRef, useState } from 'react'
import type { VirtualizerHandle } from 'virtua'
import { Place } from './place.ts'
import { isShifted, type Row, unreadIndex } from './rows.ts'
import type { Extent } from './scroll.ts'

/** So long after a channel was opened its first page may still be measured and added to. */
const SETTLE_MS = 250

/** What one sees of the messages before the unread line, in pixels. */
const CONTEXT = 72

export interface Anchor {
  readonly list: RefObject<VirtualizerHandle | null>
  /** To be handed to the list: rows came or went in front. */
  readonly shift: boolean
  readonly atEnd: boolean
  extent(): Extent | undefined
  /** Whether the list follows its end. */
  isFollowing(): boolean
  /** Call when the list scrolled. */
  onScroll(): void
  /** Call when a row or the window changed its size. */
  onResize(): void
  /** Call when somebody lays a hand on the list: it does not move by itself until it is seen where they move it. */
  onHand(): void
  toEnd(): void
  /** Brings a row to the top, and stays there. */
  toRow(index: number): void
}

/** `newer`: the rows end before the newest message. */
export function useAnchor(
  rows: readonly Row[],
  newer: boolean,
  scroller: RefObject<HTMLElement | null>,
): Anchor {
  const list = useRef<VirtualizerHandle>(null)
  const before = useRef<readonly Row[]>([])
  const isNewer = useRef(newer)
  const settling = useRef(true)
  const [atEnd, setAtEnd] = useState(true)
  const shift = isShifted(before.current, rows)

  const [place] = useState(
    () =>
      new Place({
        element: () => list.current && scroller.current,
        topOf(key) {
          const index = before.current.findIndex((row) => row.key === key)
          if (index < 0 || !list.current) return undefined
          return list.current.getItemOffset(index) - CONTEXT
        },
        newer: () => isNewer.current,
        onEnd: setAtEnd,
      }),
  )

  useLayoutEffect(() => {
    before.current = rows
    isNewer.current = newer
    const unread = settling.current ? rows[unreadIndex(rows)] : undefined
    if (unread) place.lead({ row: unread.key })
    else place.put()
  }, [rows, newer, place])

  useEffect(() => {
    const timer = setTimeout(() => {
      settling.current = false
    }, SETTLE_MS)
    return () => {
      clearTimeout(timer)
      place.stop()
    }
  }, [place])

  const [steady] = useState(() => ({
    extent: () => place.extent(),
    isFollowing: () => place.isFollowing,
    onScroll: () => place.onScroll(),
    onResize: () => place.onResize(),
    onHand() {
      settling.current = false
      place.onHand()
    },
    toEnd: () => place.lead('end'),
    toRow(index: number) {
      const row = before.current[index]
      if (row) place.lead({ row: row.key })
    },
  }))
  return { list, shift, atEnd, ...steady }
}
