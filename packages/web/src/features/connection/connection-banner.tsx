/** Says in words how the connection is, whenever it is not simply there. */
import { useSession } from '@madang/client/react'
import { useEffect, useState } from 'react'
import type { Catalogue } from '../../i18n/en.ts'
import { useText } from '../../i18n/language.tsx'
import { useClient } from '../../services.tsx'
import { Button } from '../../ui/button.tsx'
import { type Banner, bannerOf, type Track, track, UNTRACKED } from './banner.ts'
import styles from './connection-banner.module.css'

const TICK_MS = 500

export function ConnectionBanner() {
  const client = useClient()
  const { connection } = useSession(client)
  const text = useText()
  const [tracked, setTracked] = useState<Track>(UNTRACKED)
  const [now, setNow] = useState(() => Date.now())
  const banner = bannerOf(connection, tracked, now)
  const { status } = connection

  useEffect(() => {
    setTracked((before) => track(before, status, Date.now()))
    setNow(Date.now())
  }, [status])

  const waits = banner.kind === 'waiting' || banner.kind === 'unreached'
  const ticks = waits || banner.kind === 'reconnected'
  useEffect(() => {
    if (!ticks) return
    const timer = setInterval(() => setNow(Date.now()), TICK_MS)
    return () => clearInterval(timer)
  }, [ticks])

  return (
    <div className={styles.place} role="status" data-testid="connection">
      {banner.kind !== 'none' && (
        <div className={styles.banner} data-kind={banner.kind}>
          <span className={styles.dot} />
          <span>{bannerText(banner, text)}</span>
          {(waits || banner.kind === 'refused') && (
            <Button size="s" look="quiet" onClick={() => client.reconnect()}>
              {text.connection.tryNow}
            </Button>
          )}
        </div>
      )}
    </div>
  )
}

function bannerText(banner: Exclude<Banner, { kind: 'none' }>, text: Catalogue): string {
  switch (banner.kind) {
    case 'waiting':
    case 'unreached':
      return text.connection[banner.kind](banner.seconds)
    case 'refused':
      return banner.error ? text.errors[banner.error.code] : text.connection.refused
    default:
      return text.connection[banner.kind]
  }
}
