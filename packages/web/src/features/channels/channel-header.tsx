/** A channel's name, what it is about, and what one can do with it. */
import type { MyChannel } from '@madang/client'

import { type ReactNode, useState } from 'react'
import { useText } from '../../i18n/language.tsx'
import { IconButton } from '../../ui/button.tsx'
import { Icon } from '../../ui/icon.tsx'
import { Menu, MenuItem } from '../../ui/menu.tsx'
import styles from './channel-header.module.css'
import { channelIcon } from './channels.ts'
import { LeaveChannel } from './leave-channel.tsx'

export interface ChannelHeaderProps {
  readonly channel: MyChannel
  readonly name: string
  readonly menu: ReactNode
  readonly members: boolean
  onMembers(shown: boolean): void
}

export function ChannelHeader({ channel, name, menu, members, onMembers }: ChannelHeaderProps) {
  const text = useText()
  const [leaving, setLeaving] = useState(false)
  const mayLeave = channel.kind !== 'direct' && channel.role !== null
  return (
    <header className={styles.header}>
      {menu}
      <h1 className={styles.name}>
        {channel.kind !== 'direct' && <Icon name={channelIcon(channel)} size={20} />}
        <span className={styles.text} dir="auto">
          {name}
        </span>
      </h1>
      {channel.kind === 'live' && <span className={styles.live}>{text.channels.kinds.live}</span>}
      <p className={styles.topic} title={channel.topic}>
        {channel.topic}
      </p>
      <IconButton
        icon="people"
        label={members ? text.members.hide : text.members.show}
        aria-pressed={members}
        onClick={() => onMembers(!members)}
      />
      {mayLeave && (
        <Menu
          label={text.channels.actions}
          place="below-end"
          buttonClass={styles.more}
          button={<Icon name="dots" />}
        >
          {(close) => (
            <MenuItem
              icon="leave"
              tone="danger"
              text={text.channels.leave}
              onSelect={() => {
                close()
                setLeaving(true)
              }}
            />
          )}
        </Menu>
      )}
      {leaving && <LeaveChannel channel={channel} onClose={() => setLeaving(false)} />}
    </header>
  )
}
