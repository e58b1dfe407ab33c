/** What one can do with a channel: change and guard it, for those who lead, and leave it. */
import type { MyChannel } from '@madang/client'

import { useSession } from '@madang/client/react'
import { useState } from 'react'
import { useText } from '../../i18n/language.tsx'
import { useClient } from '../../services.tsx'
import { Icon } from '../../ui/icon.tsx'
import type { IconName } from '../../ui/icon-paths.ts'
import { Menu, MenuItem } from '../../ui/menu.tsx'
import { BannedPeople } from '../members/banned-people.tsx'
import { leads, roleIn } from '../members/deeds.ts'
import styles from './channel-header.module.css'
import { EditChannel } from './edit-channel.tsx'
import { LeaveChannel } from './leave-channel.tsx'

type Item = 'edit' | 'bans' | 'leave'

const ICONS: Readonly<Record<Item, IconName>> = { edit: 'pencil', bans: 'ban', leave: 'leave' }

export function ChannelMenu({ channel }: { channel: MyChannel }) {
  const text = useText()
  const { communities } = useSession(useClient())
  const community = communities.find(({ id }) => id === channel.communityId)
  const [open, setOpen] = useState<Item>()
  const items: readonly Item[] = [
    ...(leads(roleIn(channel, community)) ? (['edit', 'bans'] as const) : []),
    ...(channel.role === null ? [] : (['leave'] as const)),
  ]
  const words = { edit: text.channels.edit, bans: text.bans.title, leave: text.channels.leave }
  const onClose = () => setOpen(undefined)
  if (channel.kind === 'direct' || items.length === 0) return null
  return (
    <>
      <Menu
        label={text.channels.actions}
        place="below-end"
        buttonClass={styles.more}
        button={<Icon name="dots" />}
      >
        {(close) =>
          items.map((item) => (
            <MenuItem
              key={item}
              icon={ICONS[item]}
              text={words[item]}
              tone={item === 'leave' ? 'danger' : 'plain'}
              onSelect={() => {
                close()
                setOpen(item)
              }}
            />
          ))
        }
      </Menu>
      {open === 'edit' && <EditChannel channel={channel} onClose={onClose} />}
      {open === 'bans' && <BannedPeople scope={{ kind: 'channel', channel }} onClose={onClose} />}
      {open === 'leave' && <LeaveChannel channel={channel} onClose={onClose} />}
    </>
  )
}
