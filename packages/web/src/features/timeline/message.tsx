/** One message: who, when, what, and what became of it. */
import type { Author, ChannelHandle, MyChannel, TimelineMessage } from '@madang/client'

import { useDates, useText } from '../../i18n/language.tsx'
import { Avatar } from '../../ui/avatar.tsx'
import { Button } from '../../ui/button.tsx'
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
  onPerson(person: Author): void
}

export function Message(props: MessageProps) {
  const { item, head, channel, handle, editing, onEdit, onPerson } = props
  const text = useText()
  return (
    <article
      className={styles.message}
      // The arrows give the focus, or a touch where nothing can hover; and with it come the actions.
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
            <button
              type="button"
              className={styles.author}
              dir="auto"
              // The members are the keyboard's way to a person: one stop for every message would be too many.
              tabIndex={-1}
              onClick={() => onPerson(item.author)}
            >
              {item.author.name}
            </button>
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
      {short ? dates.clock(item.createdAt) : dates.time(item.createdAt)}
    </time>
  )
}

/** Sent says nothing; the other two say it in words. */
function Outcome({ item, handle }: { item: TimelineMessage; handle: ChannelHandle }) {
  const text = useText()
  if (item.state === 'sent') return null
  if (item.state === 'pending') return <p className={styles.pending}>{text.timeline.pending}</p>
  return (
    <div className={styles.failed}>
      <Icon name="warning" size={16} />
      <p className={styles.reason} role="alert">
        <strong>{text.timeline.failed}</strong> {item.error && text.errors[item.error.code]}
      </p>
      <Button size="s" onClick={() => handle.retry(item.key)}>
        {text.timeline.retry}
      </Button>
      <Button size="s" look="quiet" onClick={() => handle.discard(item.key)}>
        {text.timeline.discard}
      </Button>
    </div>
  )
}
