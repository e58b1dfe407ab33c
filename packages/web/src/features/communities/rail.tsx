/** The narrow column with one tile per community. */
import { useSession } from '@madang/client/react'
import { useText } from '../../i18n/language.tsx'
import { formatRoute } from '../../routes.ts'
import { useClient } from '../../services.tsx'
import { Avatar } from '../../ui/avatar.tsx'
import { Icon } from '../../ui/icon.tsx'
import { Mark } from '../../ui/mark.tsx'
import { badge, unreadIn } from '../channels/channels.ts'
import { AccountMenu } from '../sign-in/account-menu.tsx'
import styles from './rail.module.css'

export interface RailProps {
  readonly communityId: string | undefined
  onNavigate(): void
  onHelp(): void
}

export function Rail({ communityId, onNavigate, onHelp }: RailProps) {
  const session = useSession(useClient())
  const text = useText()
  return (
    <header className={styles.rail}>
      <span className={styles.mark}>
        <Mark size={30} />
      </span>
      <nav className={styles.communities} aria-label={text.communities.label}>
        <ul className={styles.list}>
          {session.communities.map(({ id, name }) => {
            const unread = unreadIn(session.channels, id)
            return (
              <li key={id}>
                <a
                  className={styles.link}
                  href={formatRoute({ page: 'community', communityId: id })}
                  aria-label={text.communities.unread(name, unread)}
                  aria-current={id === communityId ? 'true' : undefined}
                  title={name}
                  onClick={onNavigate}
                >
                  <Avatar id={id} name={name} size="l" />
                  {unread > 0 && id !== communityId && (
                    <span className={styles.badge} aria-hidden="true">
                      {badge(unread)}
                    </span>
                  )}
                </a>
              </li>
            )
          })}
          <li>
            <a
              className={styles.find}
              href={formatRoute({ page: 'communities' })}
              aria-label={text.communities.home}
              aria-current={communityId === undefined ? 'page' : undefined}
              title={text.communities.home}
              onClick={onNavigate}
            >
              <Icon name="plus" />
            </a>
          </li>
        </ul>
      </nav>
      <AccountMenu onHelp={onHelp} />
    </header>
  )
}
