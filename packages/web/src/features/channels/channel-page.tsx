/** One channel: its head, what was said, who is typing, and where one writes. */
import type { Author, ChannelView, MyChannel } from '@madang/client'
import { type ShownChannel, useChannel } from '@madang/client/react'
import { type ReactNode, useCallback, useRef, useState } from 'react'
import { useText } from '../../i18n/language.tsx'
import { useClient, useMe } from '../../services.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import { Composer } from '../composer/composer.tsx'
import { MembersPanel } from '../members/members-panel.tsx'
import { PersonCard } from '../members/person-card.tsx'
import { Announcer } from '../timeline/announcer.tsx'
import { lastOwn, membershipSeq } from '../timeline/rows.ts'
import { Timeline, type TimelineHandle } from '../timeline/timeline.tsx'
import { TypingLine } from '../timeline/typing-line.tsx'
import { ChannelHeader } from './channel-header.tsx'
import styles from './channel-page.module.css'
import { channelName } from './channels.ts'
import { JoinBar } from './join-channel.tsx'

export interface ChannelPageProps {
  readonly channel: MyChannel
  readonly menu: ReactNode
  readonly members: boolean
  onMembers(shown: boolean): void
}

/** Narrower than this the members lie over the conversation, and make room for the next one. */
const OVER = '(max-width: 68rem)'

/** Mount it anew for every channel. */
export function ChannelPage({ channel, menu, members, onMembers }: ChannelPageProps) {
  const text = useText()
  const open = useChannel(useClient(), channel.id)
  const name = channelName(channel, text.channels.directNobody)
  const [person, setPerson] = useState<Author>()
  const closeCard = useCallback(() => {
    setPerson(undefined)
    if (matchMedia(OVER).matches) onMembers(false)
  }, [onMembers])
  return (
    <div className={styles.page} data-members={members || undefined}>
      <main className={styles.main}>
        <ChannelHeader
          channel={channel}
          name={name}
          menu={menu}
          members={members}
          onMembers={onMembers}
        />
        {open?.view.loaded ? (
          <Conversation channel={channel} name={name} open={open} onPerson={setPerson} />
        ) : (
          <Coming error={open?.view.error && text.errors[open.view.error.code]} />
        )}
      </main>
      {members && (
        <>
          <button
            type="button"
            className={styles.scrim}
            aria-label={text.members.hide}
            tabIndex={-1}
            onClick={() => onMembers(false)}
          />
          <MembersPanel
            channel={channel}
            version={membershipVersion(open?.view)}
            onClose={() => onMembers(false)}
            onPerson={setPerson}
          />
        </>
      )}
      {person && <PersonCard channel={channel} person={person} onClose={closeCard} />}
    </div>
  )
}

function Coming({ error }: { error: string | undefined }) {
  const text = useText()
  if (error === undefined) return <Skeleton label={text.common.loading} />
  return (
    <p className={styles.waiting} role="alert">
      {error}
    </p>
  )
}

const membershipVersion = (view: ChannelView | undefined): number =>
  view ? membershipSeq(view.items) : 0

interface ConversationProps {
  readonly channel: MyChannel
  readonly name: string
  readonly open: ShownChannel
  onPerson(person: Author): void
}

function Conversation({ channel, name, open, onPerson }: ConversationProps) {
  const me = useMe()
  const { handle, view } = open
  const [editing, setEditing] = useState<number>()
  const timeline = useRef<TimelineHandle>(null)
  return (
    <>
      <Timeline
        ref={timeline}
        channel={channel}
        name={name}
        handle={handle}
        view={view}
        editing={editing}
        onEdit={setEditing}
        onPerson={onPerson}
      />
      <Announcer view={view} />
      <TypingLine people={view.typing} />
      {channel.role === null ? (
        <JoinBar channel={channel} />
      ) : (
        <Composer
          channel={channel}
          name={name}
          handle={handle}
          active={editing === undefined}
          onSent={() => timeline.current?.sent()}
          onEditLast={() => setEditing(lastOwn(view.items, me.id))}
        />
      )}
    </>
  )
}
