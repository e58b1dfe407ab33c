/** The question before one leaves a channel. */
import type { MyChannel } from '@madang/client'

import { useText } from '../../i18n/language.tsx'
import { useClient, useServices } from '../../services.tsx'
import { Confirm } from '../../ui/confirm.tsx'

export function LeaveChannel({ channel, onClose }: { channel: MyChannel; onClose(): void }) {
  const { router } = useServices()
  const client = useClient()
  const text = useText()
  const lead = channel.visibility === 'private' ? 'leavePrivate' : 'leavePublic'
  return (
    <Confirm
      title={text.channels.leaveTitle(channel.name)}
      lead={text.channels[lead]}
      action={text.common.leave}
      cancel={text.common.cancel}
      onClose={onClose}
      act={async () => {
        const outcome = await client.leaveChannel(channel.id)
        if (!outcome.ok) return text.errors[outcome.error.code]
        onClose()
        router.go({ page: 'browse', communityId: channel.communityId })
        return undefined
      }}
    />
  )
}
