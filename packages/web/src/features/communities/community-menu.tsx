/** What one can do with a community: bring people in, look around, guard it, for those who lead, and leave it. */
import type { MyCommunity } from '@madang/client'

import { type ReactNode, useState } from 'react'
import { useText } from '../../i18n/language.tsx'
import { useServices } from '../../services.tsx'
import type { IconName } from '../../ui/icon-paths.ts'
import { Menu, MenuItem } from '../../ui/menu.tsx'
import { BannedPeople } from '../members/banned-people.tsx'
import { leads } from '../members/deeds.ts'
import { InvitePeople } from './invite-people.tsx'
import { LeaveCommunity } from './leave-community.tsx'

type Item = 'invite' | 'browse' | 'bans' | 'leave'

const ICONS: Readonly<Record<Item, IconName>> = {
  invite: 'addPerson',
  browse: 'compass',
  bans: 'ban',
  leave: 'leave',
}

export interface CommunityMenuProps {
  readonly community: MyCommunity
  readonly button: ReactNode
  readonly buttonClass: string | undefined
}

export function CommunityMenu({ community, button, buttonClass }: CommunityMenuProps) {
  const { router } = useServices()
  const text = useText()
  const [open, setOpen] = useState<Item>()
  const words = {
    invite: text.communities.invite,
    browse: text.channels.browse,
    bans: text.bans.title,
    leave: text.communities.leave,
  }
  const items: readonly Item[] = [
    ...(community.visibility === 'public' ? (['invite'] as const) : []),
    'browse',
    ...(leads(community.role) ? (['bans'] as const) : []),
    'leave',
  ]
  const choose = (item: Item) =>
    item === 'browse' ? router.go({ page: 'browse', communityId: community.id }) : setOpen(item)
  const onClose = () => setOpen(undefined)
  return (
    <>
      <Menu label={community.name} place="below-start" buttonClass={buttonClass} button={button}>
        {(close) =>
          items.map((item) => (
            <MenuItem
              key={item}
              icon={ICONS[item]}
              text={words[item]}
              tone={item === 'leave' ? 'danger' : 'plain'}
              onSelect={() => {
                close()
                choose(item)
              }}
            />
          ))
        }
      </Menu>
      {open === 'invite' && <InvitePeople community={community} onClose={onClose} />}
      {open === 'bans' && (
        <BannedPeople scope={{ kind: 'community', community }} onClose={onClose} />
      )}
      {open === 'leave' && <LeaveCommunity community={community} onClose={onClose} />}
    </>
  )
}
