/** Where the unread begins above what is shown: how much it is, and the way to its beginning. */
import type { ChannelHandle, ChannelView } from '@madang/client'
import { useEffect, useState } from 'react'
import { useText } from '../../i18n/language.tsx'
import { Button, IconButton } from '../../ui/button.tsx'
import { Icon } from '../../ui/icon.tsx'
import { type Row, unreadIndex } from './rows.ts'
import { seekStep } from './seeking.ts'
import styles from './unread-bar.module.css'
import type { Reading } from './use-reading.ts'

export interface UnreadBarProps {
  readonly rows: readonly Row[]
  readonly view: ChannelView
  readonly handle: ChannelHandle
  readonly reading: Reading
  /** Brings a row to the top. */
  onShow(row: number): void
}

export function UnreadBar({ rows, view, handle, reading, onShow }: UnreadBarProps) {
  const text = useText()
  const [pages, setPages] = useState<number>()
  const { more, loadingOlder: loading } = view
  const unread = unreadIndex(rows)
  useEffect(() => {
    if (pages === undefined) return
    const step = seekStep({ unread, more, loading, pages })
    if (step.kind === 'load') {
      setPages(pages + 1)
      void handle.loadOlder()
    }
    if (step.kind === 'show') {
      setPages(undefined)
      onShow(step.row)
    }
  }, [pages, unread, more, loading, handle, onShow])
  const isThere = reading.unreadAfter !== undefined && (unread >= 0 || more)
  if (!isThere || reading.missed === 0) return null
  return (
    <div className={styles.bar}>
      <span>{text.timeline.missed(reading.missed)}</span>
      <Button size="s" look="quiet" busy={pages !== undefined} onClick={() => setPages(0)}>
        <Icon name="up" size={16} />
        {text.timeline.toFirstMissed}
      </Button>
      <IconButton
        icon="close"
        size="s"
        label={text.timeline.forgetMissed}
        onClick={reading.onLine}
      />
    </div>
  )
}
