/** Who is here: online first; a press on a name begins a direct message. */
import type { Member, MyChannel } from '@madang/client'

import { useSession } from '@madang/client/react'
import { useState } from 'react'
import { useText } from '../../i18n/language.tsx'
import { useClient, useMe, useServices } from '../../services.tsx'
import { Avatar } from '../../ui/avatar.tsx'
import { Button, IconButton } from '../../ui/button.tsx'
import { Icon } from '../../ui/icon.tsx'
import { Spinner } from '../../ui/spinner.tsx'
import { AddPeople } from './add-people.tsx'
import { memberSections } from './members.ts'
import styles from './members-panel.module.css'
import { useMembers } from './use-members.ts'

export interface MembersPanelProps {
  readonly channel: MyChannel
  /** Changes when somebody came or went. */
  readonly version: unknown
  onClose(): void
}

/** Narrower than this it lies over the conversation, and makes room for the next one. */
const OVER = '(max-width: 68rem)'

export function MembersPanel({ channel, version, onClose }: MembersPanelProps) {
  const { rest } = useServices()
  const text = useText()
  const presence = useSession(useClient()).presence.get(channel.communityId)
  const online = new Set(presence?.online.map(({ id }) => id))
  const list = useMembers(rest, { channelId: channel.id }, version)
  const [adding, setAdding] = useState(false)
  const sections = memberSections(list.members ?? [], online)
  const makeRoom = () => {
    if (matchMedia(OVER).matches) onClose()
  }
  const mayAdd = channel.kind !== 'direct' && channel.role !== null
  return (
    <aside className={styles.panel} aria-label={text.members.title}>
      <header className={styles.header}>
        <h2>{text.members.title}</h2>
        <IconButton icon="close" size="s" label={text.members.hide} onClick={onClose} />
      </header>
      <div className={styles.scroll}>
        {mayAdd && (
          <button type="button" className={styles.add} onClick={() => setAdding(true)}>
            <span className={styles.addPicture}>
              <Icon name="addPerson" size={18} />
            </span>
            {text.members.add}
          </button>
        )}
        {list.error && <p role="alert">{text.errors[list.error.code]}</p>}
        {!list.members && !list.error && <Spinner label={text.common.loading} />}
        <Section
          title={text.members.online(sections.online.length)}
          members={sections.online}
          channel={channel}
          online
          onWrite={makeRoom}
        />
        <Section
          title={text.members.offline(sections.offline.length)}
          members={sections.offline}
          channel={channel}
          online={false}
          onWrite={makeRoom}
        />
        {list.more && (
          <Button size="s" onClick={list.loadMore}>
            {text.members.more}
          </Button>
        )}
      </div>
      {adding && (
        <AddPeople channel={channel} inside={list.members ?? []} onClose={() => setAdding(false)} />
      )}
    </aside>
  )
}

interface SectionProps {
  readonly title: string
  readonly members: readonly Member[]
  readonly channel: MyChannel
  readonly online: boolean
  onWrite(): void
}

function Section({ title, members, channel, online, onWrite }: SectionProps) {
  if (members.length === 0) return null
  return (
    <section aria-label={title}>
      <h3 className={styles.title}>{title}</h3>
      <ul>
        {members.map((member) => (
          <li key={member.person.id}>
            <MemberRow member={member} channel={channel} online={online} onWrite={onWrite} />
          </li>
        ))}
      </ul>
    </section>
  )
}

interface MemberRowProps {
  readonly member: Member
  readonly channel: MyChannel
  readonly online: boolean
  onWrite(): void
}

function MemberRow(props: MemberRowProps) {
  const { person, role } = props.member
  const { communityId } = props.channel
  const { rest, router, refusal } = useServices()
  const me = useMe()
  const text = useText()
  const write = async () => {
    const params = { communityId, personId: person.id }
    const outcome = await rest.call('openDirect', { params })
    if (!outcome.ok) return refusal.set(outcome.error)
    props.onWrite()
    router.go({ page: 'channel', communityId, channelId: outcome.channel.id })
  }
  const inside = (
    <>
      <Avatar id={person.id} name={person.name} online={props.online} />
      <span className={styles.words}>
        <span className={styles.name} dir="auto">
          {person.name}
        </span>
        <MemberTags isMe={person.id === me.id} role={role} isGuest={person.kind === 'guest'} />
      </span>
    </>
  )
  if (person.id === me.id) return <div className={styles.member}>{inside}</div>
  return (
    <button
      type="button"
      className={styles.member}
      title={text.members.message(person.name)}
      onClick={() => {
        void write()
      }}
    >
      {inside}
    </button>
  )
}

function MemberTags(props: { isMe: boolean; isGuest: boolean; role: Member['role'] }) {
  const text = useText()
  const tags = [
    props.isMe && text.common.you,
    props.role !== 'member' && text.members.roles[props.role],
    props.isGuest && text.common.guest,
  ].filter((tag) => tag !== false)
  if (tags.length === 0) return null
  return <span className={styles.tags}>{tags.join(' · ')}</span>
}
