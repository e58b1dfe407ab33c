/** A channel's name, what it is about, and what one can do with it. */
import type { MyChannel } from '@madang/client'

import { useSession } from '@madang/client/react'
import type { ReactNode } from 'react'
import { useText } from '../../i18n/language.tsx'
import { useClient } from '../../services.tsx'
import { Avatar } from '../../ui/avatar.tsx'
import { IconButton } from '../../ui/button.tsx'
import { Icon } from '../../ui/icon.tsx'
import styles from './channel-header.module.css'
import { ChannelMenu } from './channel-menu.tsx'
import { channelIcon } from './channels.ts'

export interface ChannelHeaderProps {
  readonly channel: MyChannel
  readonly name: string
  readonly menu: ReactNode
  readonly members: boolean
  onMembers(shown: boolean): void
}

export function ChannelHeader({ channel, name, menu, members, onMembers }: ChannelHeaderProps) {
  const text = useText()
  return (
    <header className={styles.header}>
      {menu}
      {channel.kind === 'direct' && <Peer channel={channel} name={name} />}
      <h1 className={styles.name}>
        {channel.kind !== 'direct' && <Icon name={channelIcon(channel)} size={20} />}
        <span className={styles.text} dir="auto" title={name}>
          {name}
        </span>
      </h1>
      {channel.kind === 'live' && <span className={styles.live}>{text.channels.kinds.live}</span>}
      {channel.kind === 'direct' ? (
        <Presence channel={channel} />
      ) : (
        <p className={styles.topic} title={channel.topic}>
          {channel.topic}
        </p>
      )}
      <IconButton
        icon="people"
        label={members ? text.members.hide : text.members.show}
        aria-pressed={members}
        onClick={() => onMembers(!members)}
      />
      <ChannelMenu channel={channel} />
    </header>
  )
}

function useOnline(channel: MyChannel): boolean {
  const presence = useSession(useClient()).presence.get(channel.communityId)
  const online = new Set(presence?.online.map(({ id }) => id))
  return channel.peers?.some(({ id }) => online.has(id)) ?? false
}

function Peer({ channel, name }: { channel: MyChannel; name: string }) {
  const id = channel.peers?.[0]?.id ?? channel.id
  return (
    <span className={styles.peer}>
      <Avatar id={id} name={name} size="s" online={useOnline(channel)} />
    </span>
  )
}

function Presence({ channel }: { channel: MyChannel }) {
  const text = useText()
  return <p className={styles.topic}>{text.members[useOnline(channel) ? 'isOnline' : 'isAway']}</p>
}
