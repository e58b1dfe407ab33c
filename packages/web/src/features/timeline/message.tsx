/** One message: who, when, what, and what became of it. */
import type { ChannelHandle, MyChannel, TimelineMessage } from '@madang/client'

import { useDates, useText } from '../../i18n/language.tsx'
import { Avatar } from '../../ui/avatar.tsx'
import { Icon } from '../../ui/icon.tsx'
import { EditMessage } from './edit-message.tsx'
import { LaneTag } from './lane-tag.tsx'
import styles from './message.module.css'
import { MessageActions } from './message-actions.tsx'
import { MessageText } from './message-text.tsx'

export interface MessageProps {
  readonly item: TimelineMessage
  readonly head: boolean
  readonly channel: MyChannel
  readonly handle: ChannelHandle
  readonly editing: boolean
  onEdit(seq: number | undefined): void
}

export function Message({ item, head, channel, handle, editing, onEdit }: MessageProps) {
  const text = useText()
  return (
    <article
      className={styles.message}
      // Where nothing can hover, a touch gives the focus, and with it the actions.
      tabIndex={-1}
      data-head={head}
      data-state={item.state}
      data-seq={item.seq}
      data-editing={editing || undefined}
      data-testid="message"
    >
      <div className={styles.gutter}>
        {head ? <Avatar id={item.author.id} name={item.author.name} /> : <Time item={item} short />}
      </div>
      <div className={styles.body}>
        {head && (
          <header className={styles.header}>
            <span className={styles.author} dir="auto">
              {item.author.name}
            </span>
            <Time item={item} />
            <LaneTag item={item} />
          </header>
        )}
        {editing && item.seq !== undefined ? (
          <EditMessage
            item={item}
            seq={item.seq}
            handle={handle}
            onDone={() => onEdit(undefined)}
          />
        ) : item.text === null ? (
          <p className={styles.deleted}>{text.timeline.deleted}</p>
        ) : (
          <MessageText text={item.text} edited={item.edited} />
        )}
        <Outcome item={item} handle={handle} />
      </div>
      {!editing && <MessageActions item={item} channel={channel} handle={handle} onEdit={onEdit} />}
    </article>
  )
}

function Time({ item, short = false }: { item: TimelineMessage; short?: boolean }) {
  const dates = useDates()
  return (
    <time
      className={short ? styles.shortTime : styles.time}
      dateTime={dates.machine(item.createdAt)}
      title={dates.full(item.createdAt)}
    >
      {dates.time(item.createdAt)}
    </time>
  )
}

/** Sent says nothing; the other two say it in words. */
function Outcome({ item, handle }: { item: TimelineMessage; handle: ChannelHandle }) {
  const text = useText()
  if (item.state === 'sent') return null
  if (item.state === 'pending') return <p className={styles.pending}>{text.timeline.pending}</p>
  return (
    <p className={styles.failed} role="alert">
      <Icon name="warning" size={16} />
      <span>
        {text.timeline.failed} {item.error && text.errors[item.error.code]}
      </span>
      <button type="button" className={styles.again} onClick={() => handle.retry(item.key)}>
        {text.timeline.retry}
      </button>
      <button type="button" className={styles.again} onClick={() => handle.discard(item.key)}>
        {text.timeline.discard}
      </button>
    </p>
  )
}
