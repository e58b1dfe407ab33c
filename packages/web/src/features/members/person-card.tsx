/** Who somebody is here, and what one can do: write to them, and, for those who lead, change their role or see them out. */
import type { Author, MyChannel } from '@madang/client'

import { useSession } from '@madang/client/react'
import type { Standing } from '@madang/protocol'
import { useState } from 'react'
import { useAnswer } from '../../answer.ts'
import { useText } from '../../i18n/language.tsx'
import { useClient, useMe, useServices } from '../../services.tsx'
import { Avatar } from '../../ui/avatar.tsx'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Icon } from '../../ui/icon.tsx'
import type { IconName } from '../../ui/icon-paths.ts'
import { Spinner } from '../../ui/spinner.tsx'
import { channelIcon } from '../channels/channels.ts'
import type { Scope } from './acting.ts'
import { type Deed, deeds, deedsInChannel } from './deeds.ts'
import styles from './person-card.module.css'
import { PersonDeeds } from './person-deeds.tsx'
import { RemoveMember } from './remove-member.tsx'

export interface PersonCardProps {
  readonly channel: MyChannel
  readonly person: Author
  onClose(): void
}

interface Offer {
  readonly scope: Scope
  readonly deeds: readonly Deed[]
}

export function PersonCard({ channel, person, onClose }: PersonCardProps) {
  const { rest } = useServices()
  const text = useText()
  const isMe = person.id === useMe().id
  const params = { channelId: channel.id, personId: person.id }
  const answer = useAnswer(rest, 'getChannelMember', { params })
  const standing = answer.data?.standing
  const offers = useOffers(channel, isMe ? undefined : standing)
  const lead = useLead(channel, person, standing)
  const [asked, setAsked] = useState<{ deed: 'remove' | 'ban'; scope: Scope }>()
  if (asked) return <RemoveMember {...asked} person={person} onClose={onClose} />
  return (
    <Dialog
      title={person.name}
      picture={<Picture channel={channel} person={person} />}
      lead={lead}
      closeLabel={text.common.close}
      onClose={onClose}
    >
      <div role="status">{standing && <Roles channel={channel} standing={standing} />}</div>
      {!standing && !answer.error && <Spinner label={text.common.loading} />}
      {answer.error && <p className={styles.gone}>{text.errors[answer.error.code]}</p>}
      {!isMe && <Write person={person} channel={channel} onDone={onClose} />}
      {offers.map(({ scope, deeds: offered }) => (
        <PersonDeeds
          key={scope.kind}
          scope={scope}
          deeds={offered}
          person={person}
          onAsk={(deed) => setAsked({ deed, scope })}
          onDone={answer.reload}
        />
      ))}
    </Dialog>
  )
}

/** What the reader may do to them, here and in the whole community. */
function useOffers(channel: MyChannel, standing: Standing | undefined): readonly Offer[] {
  const { communities } = useSession(useClient())
  const community = communities.find(({ id }) => id === channel.communityId)
  if (!standing) return []
  const inside = standing.communityRole
  const all: readonly Offer[] = [
    { scope: { kind: 'channel', channel }, deeds: deedsInChannel(channel, community, standing) },
    ...(community && inside !== null
      ? [
          {
            scope: { kind: 'community', community } as const,
            deeds: deeds(community.role, inside),
          },
        ]
      : []),
  ]
  return all.filter((offer) => offer.deeds.length > 0)
}

function useOnline(channel: MyChannel, person: Author): boolean {
  const presence = useSession(useClient()).presence.get(channel.communityId)
  return presence?.online.some(({ id }) => id === person.id) ?? false
}

function Picture({ channel, person }: { channel: MyChannel; person: Author }) {
  return (
    <span className={styles.picture}>
      <Avatar id={person.id} name={person.name} size="xl" online={useOnline(channel, person)} />
    </span>
  )
}

function useLead(channel: MyChannel, person: Author, standing: Standing | undefined): string {
  const me = useMe()
  const text = useText()
  const online = useOnline(channel, person)
  const words = [
    text.members[online ? 'isOnline' : 'isAway'],
    person.id === me.id && text.common.you,
    standing?.person.kind === 'guest' && text.common.guest,
  ]
  return words.filter((word) => typeof word === 'string').join(' · ')
}

function Roles({ channel, standing }: { channel: MyChannel; standing: Standing }) {
  const text = useText()
  const { roles } = text.members
  const { role, communityRole, banned } = standing
  const inChannel = banned ? text.members.isBanned : text.members.notInside
  return (
    <dl className={styles.facts}>
      {channel.kind !== 'direct' && (
        <Fact
          icon={channelIcon(channel)}
          where={text.members.inChannel}
          what={role ? roles[role] : inChannel}
        />
      )}
      <Fact
        icon="people"
        where={text.members.inCommunity}
        what={communityRole ? roles[communityRole] : text.members.notInside}
      />
    </dl>
  )
}

function Fact({ icon, where, what }: { icon: IconName; where: string; what: string }) {
  return (
    <div className={styles.fact}>
      <dt>
        <Icon name={icon} size={16} />
        {where}
      </dt>
      <dd>{what}</dd>
    </div>
  )
}

interface WriteProps {
  readonly person: Author
  readonly channel: MyChannel
  onDone(): void
}

function Write({ person, channel, onDone }: WriteProps) {
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
