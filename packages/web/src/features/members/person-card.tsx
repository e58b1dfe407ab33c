/** Who somebody is here, and what one can do: write to them, and, for those who lead, change their role or see them out. */
import type { Author, Member, MyChannel } from '@madang/client'

import { useSession } from '@madang/client/react'
import { useState } from 'react'
import { useDates, useText } from '../../i18n/language.tsx'
import { useClient, useMe, useServices } from '../../services.tsx'
import { Avatar } from '../../ui/avatar.tsx'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { MenuItem } from '../../ui/menu.tsx'
import { changesRole, type Deed, deeds, roleIn } from './deeds.ts'
import styles from './person-card.module.css'
import { RemoveMember } from './remove-member.tsx'
import { useDeed } from './use-deed.ts'
import { useMembers } from './use-members.ts'

export interface PersonCardProps {
  readonly channel: MyChannel
  readonly person: Author
  onClose(): void
}

const ICONS = {
  makeOwner: 'key',
  makeModerator: 'shield',
  makeMember: 'person',
  remove: 'leave',
  ban: 'ban',
} as const

export function PersonCard({ channel, person, onClose }: PersonCardProps) {
  const { rest } = useServices()
  const me = useMe()
  const text = useText()
  const session = useSession(useClient())
  const list = useMembers(rest, { channelId: channel.id }, 0)
  const member = list.members?.find((each) => each.person.id === person.id)
  const [asked, setAsked] = useState<'remove' | 'ban'>()
  const { busy, act } = useDeed(channel, person, onClose)
  const community = session.communities.find(({ id }) => id === channel.communityId)
  const isMe = person.id === me.id
  const offered = member && !isMe ? deeds(roleIn(channel, community), member.role) : []
  const choose = (deed: Deed) => (changesRole(deed) ? void act(deed) : setAsked(deed))
  if (asked) {
    return <RemoveMember deed={asked} channel={channel} person={person} onClose={onClose} />
  }
  return (
    <Dialog title={person.name} closeLabel={text.common.close} onClose={onClose}>
      <Who person={person} member={member} channel={channel} />
      {!isMe && <Write person={person} channel={channel} onDone={onClose} />}
      {offered.length > 0 && (
        <div className={styles.deeds} aria-busy={busy}>
          {offered.map((deed) => (
            <MenuItem
              key={deed}
              icon={ICONS[deed]}
              text={text.members.deeds[deed](channel.name)}
              tone={changesRole(deed) ? 'plain' : 'danger'}
              onSelect={() => choose(deed)}
            />
          ))}
        </div>
      )}
    </Dialog>
  )
}

interface WhoProps {
  readonly person: Author
  readonly member: Member | undefined
  readonly channel: MyChannel
}

function Who({ person, member, channel }: WhoProps) {
  const me = useMe()
  const text = useText()
  const dates = useDates()
  const presence = useSession(useClient()).presence.get(channel.communityId)
  const online = presence?.online.some(({ id }) => id === person.id) ?? false
  const tags = [
    person.id === me.id && text.common.you,
    member && text.members.roles[member.role],
    member?.person.kind === 'guest' && text.common.guest,
  ].filter((tag) => typeof tag === 'string')
  return (
    <div className={styles.who}>
      <Avatar id={person.id} name={person.name} size="l" online={online} />
      <div className={styles.words}>
        <p>{text.members[online ? 'isOnline' : 'isAway']}</p>
        <p className={styles.tags}>{tags.join(' · ')}</p>
        {member && (
          <p className={styles.tags}>
            {text.members.since(dates.day(member.joinedAt, Date.now()))}
          </p>
        )}
      </div>
    </div>
  )
}

function Write({ person, channel, onDone }: Omit<WhoProps, 'member'> & { onDone(): void }) {
  const { rest, router, refusal } = useServices()
  const text = useText()
  const [busy, setBusy] = useState(false)
  const { communityId } = channel
  const write = async () => {
    setBusy(true)
    const params = { communityId, personId: person.id }
    const outcome = await rest.call('openDirect', { params })
    setBusy(false)
    if (!outcome.ok) return refusal.set(outcome.error)
    onDone()
    router.go({ page: 'channel', communityId, channelId: outcome.channel.id })
  }
  return (
    <Button
      look="accent"
      busy={busy}
      data-first
      onClick={() => {
        void write()
      }}
    >
      {text.members.message(person.name)}
    </Button>
  )
}
