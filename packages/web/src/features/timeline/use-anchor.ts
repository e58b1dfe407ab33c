/** Keeps the reader's place in the list: at the end while they are at the end, else where they are. */
import { type RefObject, useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react'
import type { VirtualizerHandle } from 'virtua'
import { isShifted, type Row, unreadIndex } from './rows.ts'
import { type Extent, followsEnd, isAtEnd } from './scroll.ts'

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
  toEnd(): void
  /** Brings a row to the top, and stays there. */
  toRow(index: number): void
}

/** `newer`: the rows end before the newest message. */
export function useAnchor(rows: readonly Row[], newer: boolean): Anchor {
  const list = useRef<VirtualizerHandle>(null)
  const before = useRef<readonly Row[]>([])
  const lastIndex = rows.length - 1
  const stuck = useRef(true)
  const last = useRef<Extent>(undefined)
  const settling = useRef(true)
  const [atEnd, setAtEnd] = useState(true)
  const shift = isShifted(before.current, rows)

  const extent = useCallback((): Extent | undefined => {
    const handle = list.current
    // Before it is measured the list has no place to speak of.
    if (!handle || handle.viewportSize === 0) return undefined
    return { offset: handle.scrollOffset, size: handle.scrollSize, viewport: handle.viewportSize }
  }, [])

  const toEnd = useCallback(() => {
    stuck.current = true
    list.current?.scrollToIndex(lastIndex, { align: 'end' })
  }, [lastIndex])

  const toRow = useCallback((index: number) => {
    stuck.current = false
    list.current?.scrollToIndex(index, { align: 'start', offset: -CONTEXT })
  }, [])

  useLayoutEffect(() => {
    before.current = rows
    const unread = settling.current ? unreadIndex(rows) : -1
    if (unread >= 0) {
      toRow(unread)
    } else if (stuck.current) {
      list.current?.scrollToIndex(rows.length - 1, { align: 'end' })
    }
  }, [rows, toRow])

  useEffect(() => {
    const timer = setTimeout(() => {
      settling.current = false
    }, SETTLE_MS)
    return () => clearTimeout(timer)
  }, [])

  const look = useCallback(() => {
    const now = extent()
    if (!now) return
    // Scrolling to an end that is not the newest is reading on, not wanting to be at the end.
    stuck.current = followsEnd(last.current, now) && (stuck.current || !newer)
    last.current = now
    setAtEnd(isAtEnd(now))
  }, [extent, newer])

  const onResize = useCallback(() => {
    if (stuck.current) toEnd()
    else look()
  }, [toEnd, look])

  const isFollowing = useCallback(() => stuck.current, [])
  return { list, shift, atEnd, extent, isFollowing, onScroll: look, onResize, toEnd, toRow }
}
