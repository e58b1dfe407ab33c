/** The channels of one community: what there is, what is new, and how to get more. */
import type { MyChannel, MyCommunity } from '@madang/client'

import { useSession } from '@madang/client/react'
import { useState } from 'react'
import { useText } from '../../i18n/language.tsx'
import { formatRoute } from '../../routes.ts'
import { useClient } from '../../services.tsx'
import { Avatar } from '../../ui/avatar.tsx'
import { IconButton } from '../../ui/button.tsx'
import { Icon } from '../../ui/icon.tsx'
import { CommunityMenu } from '../communities/community-menu.tsx'
import { NewDirect } from '../members/new-direct.tsx'
import { isMac, KEYS } from '../shortcuts/shortcuts.ts'
import { badge, channelIcon, channelName, sectionsOf, unreadOf } from './channels.ts'
import { CreateChannel } from './create-channel.tsx'
import styles from './sidebar.module.css'

export interface SidebarProps {
  readonly community: MyCommunity
  readonly channelId: string | undefined
  readonly browsing: boolean
  onNavigate(): void
  onSwitch(): void
}

export function Sidebar(props: SidebarProps) {
  const { community, channelId, browsing, onNavigate, onSwitch } = props
  const session = useSession(useClient())
  const text = useText()
  const [adding, setAdding] = useState<'channel' | 'direct'>()
  const { channels, direct } = sectionsOf(session.channels, community.id)
  const presence = session.presence.get(community.id)
  const online = new Set(presence?.online.map((person) => person.id))
  return (
    <nav className={styles.sidebar} aria-label={text.channels.label}>
      <SidebarHeader community={community} count={presence?.count} />
      <JumpTo onSwitch={onSwitch} />
      <div className={styles.scroll}>
        <Heading
          title={text.channels.channels}
          add={text.channels.create}
          onAdd={() => setAdding('channel')}
        />
        <ul>
          {channels.map((channel) => (
            <ChannelLink
              key={channel.id}
              channel={channel}
              current={channel.id === channelId}
              onNavigate={onNavigate}
            />
          ))}
          <BrowseLink communityId={community.id} current={browsing} onNavigate={onNavigate} />
        </ul>
        <Heading
          title={text.channels.direct}
          add={text.channels.newDirect}
          onAdd={() => setAdding('direct')}
        />
        <ul>
          {direct.map((channel) => (
            <ChannelLink
              key={channel.id}
              channel={channel}
              current={channel.id === channelId}
              online={channel.peers?.some((peer) => online.has(peer.id)) ?? false}
              onNavigate={onNavigate}
            />
          ))}
        </ul>
        {direct.length === 0 && <p className={styles.hint}>{text.channels.directEmpty}</p>}
      </div>
      {adding === 'channel' && (
        <CreateChannel
          communityId={community.id}
          onClose={() => setAdding(undefined)}
          onCreated={onNavigate}
        />
      )}
      {adding === 'direct' && (
        <NewDirect
          communityId={community.id}
          onClose={() => setAdding(undefined)}
          onOpened={onNavigate}
        />
      )}
    </nav>
  )
}

function JumpTo({ onSwitch }: { onSwitch(): void }) {
  const text = useText()
  return (
    <button type="button" className={styles.jump} onClick={onSwitch}>
      <Icon name="search" size={16} />
      <span className={styles.name}>{text.switcher.title}</span>
      <span className={styles.keys} aria-hidden="true">
        {KEYS(isMac(navigator.platform)).switcher.join(' ')}
      </span>
    </button>
  )
}

function SidebarHeader(props: { community: MyCommunity; count: number | undefined }) {
  const { community, count } = props
  const text = useText()
  return (
    <header className={styles.header}>
      <CommunityMenu
        community={community}
        buttonClass={styles.community}
        button={
          <>
            <h1 className={styles.title}>{community.name}</h1>
            <Icon name="chevron" size={16} />
          </>
        }
      />
      {count !== undefined && <p className={styles.online}>{text.channels.online(count)}</p>}
    </header>
  )
}

/** A part of the list, with the button that adds to it. */
function Heading({ title, add, onAdd }: { title: string; add: string; onAdd(): void }) {
  return (
    <div className={styles.heading}>
      <h2>{title}</h2>
      <IconButton icon="plus" size="s" label={add} onClick={onAdd} />
    </div>
  )
}

function BrowseLink(props: { communityId: string; current: boolean; onNavigate(): void }) {
  const text = useText()
  return (
    <li>
      <a
        className={styles.link}
        href={formatRoute({ page: 'browse', communityId: props.communityId })}
        aria-current={props.current ? 'page' : undefined}
        onClick={props.onNavigate}
      >
        <Icon name="compass" size={18} />
        <span className={styles.name}>{text.channels.browse}</span>
      </a>
    </li>
  )
}

interface ChannelLinkProps {
  readonly channel: MyChannel
  readonly current: boolean
  readonly online?: boolean
  onNavigate(): void
}

function ChannelLink({ channel, current, online, onNavigate }: ChannelLinkProps) {
  const text = useText()
  const { id, communityId } = channel
  const unread = unreadOf(channel)
  const name = channelName(channel, text.channels.directNobody)
  const peer = channel.peers?.[0]
  return (
    <li>
      <a
        className={styles.link}
        href={formatRoute({ page: 'channel', communityId, channelId: id })}
        aria-current={current ? 'page' : undefined}
        data-unread={unread > 0 || undefined}
        onClick={onNavigate}
      >
        {channel.kind === 'direct' ? (
          <Avatar id={peer?.id ?? id} name={name} size="s" online={online} />
        ) : (
          <Icon name={channelIcon(channel)} size={18} />
        )}
        <span className={styles.name}>{name}</span>
        {unread > 0 && (
          <span className={styles.badge}>
            <span aria-hidden="true">{badge(unread)}</span>
            <span className="visually-hidden">{text.channels.unread(unread)}</span>
          </span>
        )}
      </a>
    </li>
  )
}
