/** Moves the reader's cursor to what was on screen while the tab was in sight, and keeps the place of the unread line. */
import type { ChannelHandle, MyChannel } from '@madang/client'

import { useCallback, useEffect, useReducer, useRef, useState } from 'react'
import { unreadOf } from '../channels/channels.ts'
import { moveUnreadLine } from './unread-line.ts'

export interface Reading {
  /** The unread line stands after this seq. */
  readonly unreadAfter: number | undefined
  /** How much was unread when the channel was opened; 0 as soon as the reader has been where it begins. */
  readonly missed: number
  /** The highest seq that was on screen. */
  readonly seen: number
  /** Call when everything up to `seq` is on screen, or was. */
  onScreen(seq: number): void
  onSent(): void
  /** Call when the unread line is on screen, or is not wanted. */
  onLine(): void
}

export function useReading(channel: MyChannel, handle: ChannelHandle | undefined): Reading {
  const [unreadAfter, move] = useReducer(moveUnreadLine, undefined, () =>
    moveUnreadLine(undefined, {
      kind: 'opened',
      cursor: channel.cursor,
      unread: unreadOf(channel),
    }),
  )
  const [missed, setMissed] = useState(() => unreadOf(channel))
  const [seen, setSeen] = useState(0)
  const shown = useRef(0)
  const member = channel.role !== null

  const look = useCallback(() => {
    if (document.visibilityState !== 'visible' || shown.current === 0) return
    setSeen((before) => Math.max(before, shown.current))
    if (member && shown.current > channel.cursor) handle?.markRead(shown.current)
  }, [handle, member, channel.cursor])

  const onScreen = useCallback(
    (seq: number) => {
      shown.current = Math.max(shown.current, seq)
      look()
    },
    [look],
  )

  useEffect(() => {
    const changed = () => {
      if (document.visibilityState === 'visible') look()
      else {
        move({ kind: 'hidden', seen: shown.current })
        setMissed(0)
      }
    }
    document.addEventListener('visibilitychange', changed)
    return () => document.removeEventListener('visibilitychange', changed)
  }, [look])

  const onLine = useCallback(() => setMissed(0), [])
  const onSent = useCallback(() => {
    move({ kind: 'sent' })
    setMissed(0)
  }, [])
  return { unreadAfter, missed, seen, onScreen, onSent, onLine }
}
