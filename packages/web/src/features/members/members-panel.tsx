/** Who is here: online first; a press on a name opens the person's card. */
import type { Author, Member, MyChannel } from '@madang/client'

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
  onPerson(person: Author): void
}

export function MembersPanel({ channel, version, onClose, onPerson }: MembersPanelProps) {
  const { rest } = useServices()
  const text = useText()
  const presence = useSession(useClient()).presence.get(channel.communityId)
  const online = new Set(presence?.online.map(({ id }) => id))
  const list = useMembers(rest, { channelId: channel.id }, version)
  const [adding, setAdding] = useState(false)
  const sections = memberSections(list.members ?? [], online)
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
        {list.error && (
          <p className={styles.error} role="alert">
            {text.errors[list.error.code]}
          </p>
        )}
        {!list.members && !list.error && <Spinner label={text.common.loading} />}
        <Section
          title={text.members.online(sections.online.length)}
          members={sections.online}
          online
          onPerson={onPerson}
        />
        <Section
          title={text.members.offline(sections.offline.length)}
          members={sections.offline}
          online={false}
          onPerson={onPerson}
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
  readonly online: boolean
  onPerson(person: Author): void
}

function Section({ title, members, online, onPerson }: SectionProps) {
  if (members.length === 0) return null
  return (
    <section aria-label={title}>
      <h3 className={styles.title}>{title}</h3>
      <ul>
        {members.map((member) => (
          <li key={member.person.id}>
            <MemberRow member={member} online={online} onPerson={onPerson} />
          </li>
        ))}
      </ul>
    </section>
  )
}

interface MemberRowProps {
  readonly member: Member
  readonly online: boolean
  onPerson(person: Author): void
}

function MemberRow({ member, online, onPerson }: MemberRowProps) {
  const { person, role } = member
  const me = useMe()
  const text = useText()
  return (
    <button
      type="button"
      className={styles.member}
      title={text.members.card(person.name)}
      onClick={() => onPerson(person)}
    >
      <Avatar id={person.id} name={person.name} online={online} />
      <span className={styles.words}>
        <span className={styles.name} dir="auto">
          {person.name}
        </span>
        <MemberTags isMe={person.id === me.id} role={role} isGuest={person.kind === 'guest'} />
      </span>
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
