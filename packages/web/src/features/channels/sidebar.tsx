/** The channels of one community: what there is, what is new, and how to get more. */
import type { MyChannel, MyCommunity } from '@madang/client'

import { useSession } from '@madang/client/react'
import { useState } from 'react'
import { useText } from '../../i18n/language.tsx'
import { formatRoute } from '../../routes.ts'
import { useClient, useServices } from '../../services.tsx'
import { Avatar } from '../../ui/avatar.tsx'
import { IconButton } from '../../ui/button.tsx'
import { Icon } from '../../ui/icon.tsx'
import { Menu, MenuItem } from '../../ui/menu.tsx'
import { InvitePeople } from '../communities/invite-people.tsx'
import { LeaveCommunity } from '../communities/leave-community.tsx'
import { BannedPeople } from '../members/banned-people.tsx'
import { leads } from '../members/deeds.ts'
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
        <div className={styles.heading}>
          <h2>{text.channels.channels}</h2>
          <IconButton
            icon="plus"
            size="s"
            label={text.channels.create}
            onClick={() => setAdding('channel')}
          />
        </div>
        <ul>
          {channels.map((channel) => (
            <ChannelLink
              key={channel.id}
              channel={channel}
              current={channel.id === channelId}
              onNavigate={onNavigate}
            />
          ))}
          <li>
            <a
              className={styles.link}
              href={formatRoute({ page: 'browse', communityId: community.id })}
              aria-current={browsing ? 'page' : undefined}
              onClick={onNavigate}
            >
              <Icon name="compass" size={18} />
              <span className={styles.name}>{text.channels.browse}</span>
            </a>
          </li>
        </ul>
        <div className={styles.heading}>
          <h2>{text.channels.direct}</h2>
          <IconButton
            icon="plus"
            size="s"
            label={text.channels.newDirect}
            onClick={() => setAdding('direct')}
          />
        </div>
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
  const { router } = useServices()
  const text = useText()
  const [leaving, setLeaving] = useState(false)
  const [inviting, setInviting] = useState(false)
  const [bans, setBans] = useState(false)
  return (
    <header className={styles.header}>
      <Menu
        label={props.community.name}
        place="below-start"
        buttonClass={styles.community}
        button={
          <>
            <h1 className={styles.title}>{props.community.name}</h1>
            <Icon name="chevron" size={16} />
          </>
        }
      >
        {(close) => (
          <>
            {props.community.visibility === 'public' && (
              <MenuItem
                icon="addPerson"
                text={text.communities.invite}
                onSelect={() => {
                  close()
                  setInviting(true)
                }}
              />
            )}
            <MenuItem
              icon="compass"
              text={text.channels.browse}
              onSelect={() => {
                close()
                router.go({ page: 'browse', communityId: props.community.id })
              }}
            />
            {leads(props.community.role) && (
              <MenuItem
                icon="ban"
                text={text.bans.title}
                onSelect={() => {
                  close()
                  setBans(true)
                }}
              />
            )}
            <MenuItem
              icon="leave"
              tone="danger"
              text={text.communities.leave}
              onSelect={() => {
                close()
                setLeaving(true)
              }}
            />
          </>
        )}
      </Menu>
      {props.count !== undefined && (
        <p className={styles.online}>{text.channels.online(props.count)}</p>
      )}
      {inviting && <InvitePeople community={props.community} onClose={() => setInviting(false)} />}
      {bans && (
        <BannedPeople
          scope={{ kind: 'community', community: props.community }}
          onClose={() => setBans(false)}
        />
      )}
      {leaving && <LeaveCommunity community={props.community} onClose={() => setLeaving(false)} />}
    </header>
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
