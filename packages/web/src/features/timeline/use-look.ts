/** Looks what is on screen: that is read, and near either end more messages are wanted. */
import type { ChannelHandle, ChannelView } from '@madang/client'
import { useCallback, useEffect, useMemo, useRef } from 'react'
import { type Row, seqUpTo, unreadIndex } from './rows.ts'
import { wantsNewer, wantsOlder } from './scroll.ts'
import type { Anchor } from './use-anchor.ts'
import type { Reading } from './use-reading.ts'

export interface Look {
  /** Looks what is on screen; near the end, newer messages are wanted by whoever scrolls there. */
  onScroll(): void
  /** To be put on the list: somebody has their hand on it. */
  readonly hands: Readonly<
    Record<'onWheel' | 'onTouchMove' | 'onPointerDown' | 'onKeyDownCapture', () => void>
  >
}

/** Scrolling goes on for so long after the hand has left. A list that scrolls by itself wants nothing: two tabs that read far apart would fetch for ever. */
const MOMENTUM_MS = 3_000

export function useLook(
  { handle, view }: { readonly handle: ChannelHandle; readonly view: ChannelView },
  anchor: Anchor,
  { onScreen, onLine }: Reading,
  rows: readonly Row[],
): Look {
  const { extent, isFollowing, list } = anchor
  const { more, loadingOlder, newer, loadingNewer } = view
  const unread = useMemo(() => unreadIndex(rows), [rows])
  const look = useCallback(() => {
    const now = extent()
    if (!now || !list.current) return
    const top = list.current.findItemIndex(now.offset)
    const last = list.current.findItemIndex(now.offset + now.viewport - 1)
    onScreen(seqUpTo(rows, last))
    if (unread >= top && unread <= last) onLine()
    if (document.visibilityState === 'visible') {
      handle.lookAt(isFollowing() ? undefined : seqUpTo(rows, top))
    }
    if (wantsOlder(now) && more && !loadingOlder) void handle.loadOlder()
  }, [extent, isFollowing, list, onScreen, onLine, rows, unread, more, loadingOlder, handle])
  // What is on screen changes with every render, too: messages come without a scroll.
  useEffect(look)
  // Nobody looked while the page was hidden, and another tab may have read elsewhere.
  useEffect(() => {
    document.addEventListener('visibilitychange', look)
    return () => document.removeEventListener('visibilitychange', look)
  }, [look])
  const { hands, isMoving } = useHands(anchor.onHand)
  const turn = (): void => {
    const now = extent()
    if (!now || !newer || loadingNewer || !isMoving()) return
    if (wantsNewer(now)) void handle.loadNewer()
  }
  const onScroll = (): void => {
    anchor.onScroll()
    look()
    turn()
  }
  return { onScroll, hands }
}

/** Knows whether somebody moves the list themselves. */
function useHands(onHand: () => void): Pick<Look, 'hands'> & { isMoving(): boolean } {
  const touchedAt = useRef(Number.NEGATIVE_INFINITY)
  const hands = useMemo(() => {
    const touched = (): void => {
      touchedAt.current = performance.now()
      onHand()
    }
    return {
      onWheel: touched,
      onTouchMove: touched,
      onPointerDown: touched,
      onKeyDownCapture: touched,
    }
  }, [onHand])
  return { hands, isMoving: () => performance.now() - touchedAt.current <= MOMENTUM_MS }
}
