/** Where an invitation leads: to a community that one is not in yet. */
import { useSession } from '@madang/client/react'
import type { ReactNode } from 'react'
import { useAnswer } from '../../answer.ts'
import { useText } from '../../i18n/language.tsx'
import { useClient, useServices } from '../../services.tsx'
import { Avatar } from '../../ui/avatar.tsx'
import { Button } from '../../ui/button.tsx'
import { Empty } from '../../ui/empty.tsx'
import { Mark } from '../../ui/mark.tsx'
import { Spinner } from '../../ui/spinner.tsx'
import { JoinButton } from './join-button.tsx'
import styles from './join-community.module.css'

export function JoinCommunity({ communityId, menu }: { communityId: string; menu: ReactNode }) {
  const { rest, router } = useServices()
  const text = useText()
  const mine = useSession(useClient()).communities
  const answer = useAnswer(rest, 'listCommunities', {}, mine.length)
  const community = answer.data?.communities.find(({ id }) => id === communityId)
  const isGone = answer.data !== undefined && community === undefined
  // Whoever has joined just now is told so by the session a moment later.
  const waits = community ? community.role !== null : !answer.data && !answer.error
  return (
    <main className={styles.page}>
      <div className={styles.menu}>{menu}</div>
      {waits && <Spinner label={text.common.loading} />}
      {(isGone || answer.error) && (
        <Empty
          picture={<Mark size={32} />}
          title={text.channels.goneTitle}
          lead={answer.error ? text.errors[answer.error.code] : text.communities.goneLead}
        >
          <Button onClick={answer.error ? answer.reload : () => router.go({ page: 'communities' })}>
            {answer.error ? text.common.retry : text.communities.home}
          </Button>
        </Empty>
      )}
      {community && !waits && (
        <Empty
          bare
          picture={<Avatar id={community.id} name={community.name} size="xl" />}
          title={text.communities.joinTitle(community.name)}
          lead={text.communities.joinLead}
        >
          <JoinButton community={community} words={text.communities.joinButton(community.name)} />
        </Empty>
      )}
    </main>
  )
}
