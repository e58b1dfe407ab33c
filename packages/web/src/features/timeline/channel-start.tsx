/** What stands above a channel's first message. */
import type { MyChannel } from '@madang/client'

import { useText } from '../../i18n/language.tsx'
import { Avatar } from '../../ui/avatar.tsx'
import { Icon } from '../../ui/icon.tsx'
import { channelIcon } from '../channels/channels.ts'
import styles from './channel-start.module.css'

export function ChannelStart({ channel, name }: { channel: MyChannel; name: string }) {
  const text = useText()
  const isDirect = channel.kind === 'direct'
  const peer = channel.peers?.[0]
  return (
    <div className={styles.start}>
      {isDirect ? (
        <Avatar id={peer?.id ?? channel.id} name={name} size="l" />
      ) : (
        <span className={styles.picture}>
          <Icon name={channelIcon(channel)} size={24} />
        </span>
      )}
      <h2 className={styles.title}>
        {isDirect ? text.timeline.startDirect(name) : text.timeline.start(name)}
      </h2>
      <p className={styles.lead}>
        {isDirect ? text.timeline.startDirectLead : channel.topic || text.timeline.startLead}
      </p>
    </div>
  )
}
