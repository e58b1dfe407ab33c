/** The list of a channel's messages: virtual, held at the reader's place, with the past loaded as it is scrolled to. */
import type { Author, ChannelHandle, ChannelView, MyChannel } from '@madang/client'

import { type Ref, useEffect, useImperativeHandle, useMemo, useRef } from 'react'
import { Virtualizer } from 'virtua'
import { useDates, useText } from '../../i18n/language.tsx'
import { useMe } from '../../services.tsx'
import { Spinner } from '../../ui/spinner.tsx'
import { JumpButton } from './jump-button.tsx'
import { ListItem } from './list-item.tsx'
import { RowView } from './row.tsx'
import { buildRows, newerThan, type Row } from './rows.ts'
import styles from './timeline.module.css'
import { UnreadBar } from './unread-bar.tsx'
import { type Anchor, useAnchor } from './use-anchor.ts'
import { useLook } from './use-look.ts'
import { type Reading, useReading } from './use-reading.ts'
import { walk } from './walk.ts'

/** So many pixels beyond the window are drawn: rows are measured before they come into it, and nothing moves that is seen. */
const BUFFER = 1_000

export interface TimelineHandle {
  /** The reader sent something: they are at the end, and have read. */
  sent(): void
}

export interface TimelineProps {
  readonly ref: Ref<TimelineHandle>
  readonly channel: MyChannel
  readonly name: string
  readonly handle: ChannelHandle
  readonly view: ChannelView
  readonly editing: number | undefined
  onEdit(seq: number | undefined): void
  onPerson(person: Author): void
}

export function Timeline(props: TimelineProps) {
  const { ref, channel, name, handle, view, editing, onEdit, onPerson } = props
  const me = useMe()
  const text = useText()
  const reading = useReading(channel, handle)
  const rows = useRows(props, reading)
  const scroller = useRef<HTMLDivElement>(null)
  const anchor = useAnchor(rows, view.newer, scroller)
  const { onScroll, hands } = useLook(props, anchor, reading, rows)
  const edited = useEdited(rows, editing, anchor.list)

  const toEnd = () => {
    // The newest messages may not be loaded: where one reads far back.
    handle.lookAt(undefined)
    anchor.toEnd()
  }
  useImperativeHandle(ref, () => ({
    sent() {
      reading.onSent()
      toEnd()
    },
  }))

  return (
    <section className={styles.frame} aria-label={text.timeline.label(name)}>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: the keys are those of the messages in it. */}
      <div
        ref={scroller}
        className={styles.scroller}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reachable by the keyboard.
        tabIndex={0}
        data-testid="timeline"
        data-at-end={anchor.atEnd || undefined}
        onKeyDown={walk}
        {...hands}
      >
        <div className={styles.spacer} />
        <Virtualizer
          ref={anchor.list}
          scrollRef={scroller}
          as="ol"
          item={ListItem}
          // Elements are made for what is drawn alone, however long the list is.
          data={rows}
          shift={anchor.shift}
          bufferSize={BUFFER}
          // What is being written must not be lost by scrolling.
          keepMounted={edited >= 0 ? [edited] : []}
          onScroll={onScroll}
          onResize={anchor.onResize}
        >
          {(row: Row) => (
            <RowView
              key={row.key}
              row={row}
              editing={isEdited(row, editing)}
              {...{ channel, name, handle, onEdit, onPerson }}
            />
          )}
        </Virtualizer>
      </div>
      {view.loadingOlder && <LoadingOlder />}
      <UnreadBar {...{ rows, view, handle, reading }} onShow={anchor.toRow} />
      {(!anchor.atEnd || view.newer) && (
        <JumpButton count={newerThan(rows, reading.seen, me.id)} onJump={toEnd} />
      )}
    </section>
  )
}

function useRows({ channel, view }: TimelineProps, { unreadAfter }: Reading): readonly Row[] {
  const me = useMe().id
  const { dayKey } = useDates()
  const { items, more } = view
  const direct = channel.kind === 'direct'
  return useMemo(
    () => buildRows({ items, more, unreadAfter, me, direct, dayKey }),
    [items, more, unreadAfter, me, direct, dayKey],
  )
}

/** The row that is being edited, brought into sight as the editing begins; -1 where none is. */
function useEdited(
  rows: readonly Row[],
  editing: number | undefined,
  list: Anchor['list'],
): number {
  const edited = rows.findIndex((row) => isEdited(row, editing))
  useEffect(() => {
    if (edited >= 0) list.current?.scrollToIndex(edited, { align: 'nearest' })
  }, [edited, list])
  return edited
}

function isEdited(row: Row, editing: number | undefined): boolean {
  return editing !== undefined && row.kind === 'message' && row.item.seq === editing
}

function LoadingOlder() {
  const text = useText()
  return (
    <div className={styles.loading}>
      <Spinner label={text.timeline.loadingOlder} />
    </div>
  )
}
