/** One row of the list, with what stands above it: a new day, the unread line. */
import type { Author, ChannelHandle, MyChannel } from '@madang/client'

import { memo } from 'react'
import { useDates, useText } from '../../i18n/language.tsx'
import { ChannelStart } from './channel-start.tsx'
import { Message } from './message.tsx'
import { Note } from './note.tsx'
import styles from './row.module.css'
import type { Row } from './rows.ts'

export interface RowProps {
  readonly row: Row
  readonly channel: MyChannel
  readonly name: string
  readonly handle: ChannelHandle
  readonly editing: boolean
  onEdit(seq: number | undefined): void
  onPerson(person: Author): void
}

export const RowView = memo(function RowView(props: RowProps) {
  const { row, channel, name, handle, editing, onEdit, onPerson } = props
  if (row.kind === 'start') return <ChannelStart channel={channel} name={name} />
  return (
    <>
      {row.day !== undefined && <DayDivider at={row.day} />}
      {row.kind === 'message' && row.unread && <UnreadLine />}
      {row.kind === 'note' ? (
        <Note told={row.told} />
      ) : (
        <Message
          item={row.item}
          head={row.head}
          channel={channel}
          handle={handle}
          editing={editing}
          onEdit={onEdit}
          onPerson={onPerson}
        />
      )}
    </>
  )
}, isSameRow)

/** Rows are built anew with every change; the items in them are not. */
function isSameRow(before: RowProps, after: RowProps): boolean {
  const { row: a, ...left } = before
  const { row: b, ...right } = after
  const rest = (Object.keys(left) as (keyof typeof left)[]).every((key) => left[key] === right[key])
  if (!rest || a.kind !== b.kind) return false
  if (a.kind === 'start' || b.kind === 'start') return true
  if (a.item !== b.item || a.day !== b.day) return false
  if (a.kind === 'message') {
    return b.kind === 'message' && a.head === b.head && a.unread === b.unread
  }
  if (b.kind === 'message') return false
  return a.told.length === b.told.length && a.told.every((note, at) => note === b.told[at])
}

function DayDivider({ at }: { at: number }) {
  const dates = useDates()
  return (
    <div className={styles.day}>
      <time dateTime={dates.dayKey(at)}>{dates.day(at, Date.now())}</time>
    </div>
  )
}

function UnreadLine() {
  const text = useText()
  return (
    <div className={styles.unread} data-testid="unread-line">
      <span>{text.timeline.unread}</span>
    </div>
  )
}
