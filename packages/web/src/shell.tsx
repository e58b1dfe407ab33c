/** The page of a signed-in person: communities, channels, and the place they are at. */
import { useSession, useView } from '@madang/client/react'
import { type ReactNode, useCallback, useEffect, useMemo, useState } from 'react'
import { BrowseChannels } from './features/channels/browse-channels.tsx'
import { ChannelPage } from './features/channels/channel-page.tsx'
import { unreadIn } from './features/channels/channels.ts'
import { JoinChannel } from './features/channels/join-channel.tsx'
import { type Place, placeOf } from './features/channels/place.ts'
import { Sidebar } from './features/channels/sidebar.tsx'
import { createVisits } from './features/channels/visits.ts'
import { BrowseCommunities } from './features/communities/browse-communities.tsx'
import { JoinCommunity } from './features/communities/join-community.tsx'
import { Rail } from './features/communities/rail.tsx'
import { ConnectionBanner } from './features/connection/connection-banner.tsx'
import { neighbour } from './features/shortcuts/neighbours.ts'
import { ShortcutHelp } from './features/shortcuts/shortcut-help.tsx'
import { Switcher } from './features/shortcuts/switcher.tsx'
import { useShortcuts } from './features/shortcuts/use-shortcuts.ts'
import { useText } from './i18n/language.tsx'
import { useClient, useServices } from './services.tsx'
import styles from './shell.module.css'
import { IconButton } from './ui/button.tsx'
import { useMedia } from './ui/media.ts'
import { Spinner } from './ui/spinner.tsx'
import { Toast } from './ui/toast.tsx'

const NARROW = '(max-width: 50rem)'
const WIDE = '(min-width: 68rem)'

export function Shell() {
  const text = useText()
  const place = usePlace()
  const session = useSession(useClient())
  const narrow = useMedia(NARROW)
  const [drawer, setDrawer] = useState(false)
  const [members, setMembers] = useState(() => matchMedia(WIDE).matches)
  const over = useOver(place, () => setMembers((shown) => !shown))
  const closeDrawer = useCallback(() => setDrawer(false), [])
  const communityId = 'communityId' in place ? place.communityId : undefined
  const community = session.communities.find(({ id }) => id === communityId)
  // Its place is kept while nobody knows yet what is in it, so that nothing moves when it comes.
  const hasSidebar = community !== undefined || place.at === 'loading'
  useTitle()
  useEscape(drawer, closeDrawer)

  const menu = narrow && (
    <IconButton
      icon="menu"
      label={text.channels.openSidebar}
      aria-expanded={drawer}
      onClick={() => setDrawer(true)}
    />
  )
  return (
    <div className={styles.shell} data-sidebar={hasSidebar || undefined}>
      <button type="button" className="skip-link" onClick={focusComposer}>
        {text.common.skipToComposer}
      </button>
      <div className={styles.drawer} data-open={drawer || undefined} inert={narrow && !drawer}>
        <Rail
          communityId={communityId}
          onNavigate={() => community && closeDrawer()}
          onHelp={() => over.show('help')}
        />
        {place.at === 'loading' && <div className={styles.noSidebar} />}
        {community && (
          <Sidebar
            community={community}
            channelId={place.at === 'channel' ? place.channelId : undefined}
            browsing={place.at === 'browse'}
            onNavigate={closeDrawer}
            onSwitch={() => over.show('switcher')}
          />
        )}
      </div>
      {drawer && (
        <button
          type="button"
          className={styles.scrim}
          aria-label={text.channels.closeSidebar}
          onClick={closeDrawer}
        />
      )}
      <div className={styles.place} inert={narrow && drawer}>
        <PlaceView place={place} menu={menu} members={members} onMembers={setMembers} />
        <ConnectionBanner />
      </div>
      <RefusalToast />
      {over.shown === 'help' && <ShortcutHelp onClose={over.close} />}
      {over.shown === 'switcher' && <Switcher onClose={over.close} />}
    </div>
  )
}

/** What is unread is said in the tab's title, too. */
function useTitle(): void {
  const { communities, channels } = useSession(useClient())
  const unread = communities.reduce((sum, { id }) => sum + unreadIn(channels, id), 0)
  useEffect(() => {
    document.title = unread > 0 ? `(${unread}) Madang` : 'Madang'
  }, [unread])
}

type Over = 'help' | 'switcher'

/** What lies over the page, and the keys that bring it up or lead from channel to channel. */
function useOver(place: Place, toggleMembers: () => void) {
  const { router } = useServices()
  const { communities, channels } = useSession(useClient())
  const [shown, show] = useState<Over>()
  const close = useCallback(() => show(undefined), [])
  useShortcuts((shortcut) => {
    if (shortcut === 'help' || shortcut === 'switcher') return show(shortcut)
    if (shortcut === 'members') return toggleMembers()
    const communityId = 'communityId' in place ? place.communityId : undefined
    const channelId = place.at === 'channel' ? place.channelId : undefined
    const next = neighbour(shortcut, { communities, channels, communityId, channelId })
    if (next) router.go({ page: 'channel', communityId: next.communityId, channelId: next.id })
  })
  return { shown, show, close }
}

/** The place that the address leads to; addresses that mean another are replaced. */
function usePlace(): Place {
  const { router, keep } = useServices()
  const route = useView(router)
  const session = useSession(useClient())
  const visits = useMemo(() => createVisits(keep), [keep])
  const { person, communities, channels } = session
  const place = useMemo(
    () => placeOf(route, { known: person !== undefined, communities, channels }, visits),
    [route, person, communities, channels, visits],
  )
  useEffect(() => {
    if (place.at === 'elsewhere') router.replace(place.route)
    if (place.at === 'channel' && place.channel) visits.remember(place.communityId, place.channelId)
  }, [place, router, visits])
  return place
}

interface PlaceViewProps {
  readonly place: Place
  readonly menu: ReactNode
  readonly members: boolean
  onMembers(shown: boolean): void
}

function PlaceView({ place, menu, members, onMembers }: PlaceViewProps) {
  const session = useSession(useClient())
  switch (place.at) {
    case 'communities':
      return <BrowseCommunities menu={menu} />
    case 'invited':
      return <JoinCommunity key={place.communityId} communityId={place.communityId} menu={menu} />
    case 'browse': {
      const community = session.communities.find(({ id }) => id === place.communityId)
      return community ? <BrowseChannels community={community} menu={menu} /> : <Waiting />
    }
    case 'channel': {
      const shown = { menu, members, onMembers }
      if (place.channel) {
        return <ChannelPage key={place.channelId} channel={place.channel} {...shown} />
      }
      return (
        <JoinChannel
          key={place.channelId}
          communityId={place.communityId}
          channelId={place.channelId}
          menu={menu}
          watch={(channel) => <ChannelPage channel={channel} {...shown} />}
        />
      )
    }
    default:
      return <Waiting />
  }
}

function Waiting() {
  const text = useText()
  return (
    <main className={styles.waiting}>
      <Spinner label={text.common.loading} />
    </main>
  )
}

function RefusalToast() {
  const { refusal } = useServices()
  const error = useView(refusal)
  const text = useText()
  const close = useCallback(() => refusal.set(undefined), [refusal])
  return (
    <Toast text={error && text.errors[error.code]} closeLabel={text.common.close} onClose={close} />
  )
}

function useEscape(active: boolean, act: () => void): void {
  useEffect(() => {
    if (!active) return
    const onKey = (event: KeyboardEvent) => {
      if (event.key === 'Escape') act()
    }
    document.addEventListener('keydown', onKey)
    return () => document.removeEventListener('keydown', onKey)
  }, [active, act])
}

/** No link to a fragment: the fragment is the router's. */
function focusComposer(): void {
  document.getElementById('composer')?.focus()
}
