/** All communities one is in or could join. */
import type { MyCommunity } from '@madang/client'

import { useSession } from '@madang/client/react'
import { type ReactNode, useState } from 'react'
import { useAnswer } from '../../answer.ts'
import { useText } from '../../i18n/language.tsx'
import { useClient, useServices } from '../../services.tsx'
import { Avatar } from '../../ui/avatar.tsx'
import { Button } from '../../ui/button.tsx'
import { Empty } from '../../ui/empty.tsx'
import { Icon } from '../../ui/icon.tsx'
import { Mark } from '../../ui/mark.tsx'
import { ListCard, ListRow, Page } from '../../ui/page.tsx'
import { Spinner } from '../../ui/spinner.tsx'
import styles from './browse-communities.module.css'
import { joinable } from './communities.ts'
import { CreateCommunity } from './create-community.tsx'
import { JoinButton } from './join-button.tsx'

export function BrowseCommunities({ menu }: { menu: ReactNode }) {
  const { rest, router } = useServices()
  const text = useText()
  const mine = useSession(useClient()).communities
  const [creating, setCreating] = useState(false)
  const answer = useAnswer(rest, 'listCommunities', {}, mine.length)
  const others = joinable(answer.data?.communities ?? [], mine)
  const create = (
    <Button look="accent" onClick={() => setCreating(true)}>
      <Icon name="plus" size={18} />
      {text.communities.create}
    </Button>
  )
  const nothing = answer.data !== undefined && mine.length === 0 && others.length === 0
  return (
    <Page
      menu={menu}
      title={text.communities.findTitle}
      lead={text.communities.findLead}
      action={nothing ? undefined : create}
    >
      {answer.error && <p role="alert">{text.errors[answer.error.code]}</p>}
      {!answer.data && !answer.error && <Spinner label={text.common.loading} />}
      {nothing && (
        <Empty
          picture={<Mark size={32} />}
          title={text.communities.emptyTitle}
          lead={text.communities.emptyLead}
        >
          {create}
        </Empty>
      )}
      {mine.length > 0 && (
        <ListCard title={text.communities.mine}>
          {mine.map((community) => (
            <CommunityRow key={community.id} community={community}>
              <Button
                size="s"
                onClick={() => router.go({ page: 'community', communityId: community.id })}
              >
                {text.common.open}
              </Button>
            </CommunityRow>
          ))}
        </ListCard>
      )}
      {others.length > 0 && (
        <ListCard title={text.communities.others}>
          {others.map((community) => (
            <CommunityRow key={community.id} community={community}>
              <JoinButton community={community} words={text.common.join} size="s" />
            </CommunityRow>
          ))}
        </ListCard>
      )}
      {answer.data && !nothing && others.length === 0 && (
        <p className={styles.none}>{text.communities.noOthers}</p>
      )}
      {creating && <CreateCommunity onClose={() => setCreating(false)} />}
    </Page>
  )
}

function CommunityRow(props: { community: MyCommunity; children: ReactNode }) {
  const { id, name, visibility } = props.community
  const text = useText()
  return (
    <ListRow
      picture={<Avatar id={id} name={name} />}
      title={name}
      tag={visibility === 'private' ? text.communities.private : undefined}
    >
      {props.children}
    </ListRow>
  )
}
