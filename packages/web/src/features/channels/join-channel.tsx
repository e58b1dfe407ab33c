/** For those who are not in a channel: the way in. */
import type { MyChannel } from '@madang/client'

import { type ReactNode, useState } from 'react'
import { useAnswer } from '../../answer.ts'
import { useText } from '../../i18n/language.tsx'
import { useClient, useServices } from '../../services.tsx'
import { Button } from '../../ui/button.tsx'
import { Empty } from '../../ui/empty.tsx'
import { Icon } from '../../ui/icon.tsx'
import { Mark } from '../../ui/mark.tsx'
import { Spinner } from '../../ui/spinner.tsx'
import { channelIcon } from './channels.ts'
import styles from './join-channel.module.css'

function JoinButton({ channel, words }: { channel: MyChannel; words: string }) {
  const { refusal } = useServices()
  const client = useClient()
  const [busy, setBusy] = useState(false)
  const join = async () => {
    setBusy(true)
    const outcome = await client.joinChannel(channel.id)
    setBusy(false)
    if (!outcome.ok) refusal.set(outcome.error)
  }
  return (
    <Button
      look="accent"
      busy={busy}
      onClick={() => {
        void join()
      }}
    >
      {words}
    </Button>
  )
}

/** Stands where the composer would, while one watches a live channel. */
export function JoinBar({ channel }: { channel: MyChannel }) {
  const text = useText()
  return (
    <div className={styles.bar}>
      <p>{text.channels.watching}</p>
      <JoinButton channel={channel} words={text.channels.watchingJoin} />
    </div>
  )
}

export interface JoinChannelProps {
  readonly communityId: string
  readonly channelId: string
  readonly menu: ReactNode
  /** Shows a channel that can be watched without joining it. */
  watch(channel: MyChannel): ReactNode
}

/** An address that leads to a channel one is not in. */
export function JoinChannel({ communityId, channelId, menu, watch }: JoinChannelProps) {
  const { rest, router } = useServices()
  const text = useText()
  const answer = useAnswer(rest, 'getChannel', { params: { channelId } })
  const isBanned = answer.error?.code === 'banned'
  const browse = () => router.go({ page: 'browse', communityId })
  const channel = answer.data?.channel
  if (channel?.kind === 'live') return watch(channel)
  return (
    <main className={styles.page}>
      <div className={styles.menu}>{menu}</div>
      {!channel && !answer.error && <Spinner label={text.common.loading} />}
      {answer.error && (
        <Empty
          picture={isBanned ? <Icon name="ban" size={28} /> : <Mark size={32} />}
          title={text.channels[isBanned ? 'keptOutTitle' : 'goneTitle']}
          lead={text.errors[answer.error.code]}
        >
          <Button onClick={answer.error.retry === 'never' ? browse : answer.reload}>
            {answer.error.retry === 'never' ? text.channels.browse : text.common.retry}
          </Button>
        </Empty>
      )}
      {channel && (
        <Empty
          picture={<Icon name={channelIcon(channel)} size={28} />}
          title={text.channels.joinTitle(channel.name)}
          lead={channel.topic || text.channels.joinLead}
        >
          <JoinButton channel={channel} words={text.channels.joinButton(channel.name)} />
        </Empty>
      )}
    </main>
  )
}
