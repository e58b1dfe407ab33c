/** The question before one leaves a community. */
import type { MyCommunity } from '@madang/client'

import { useText } from '../../i18n/language.tsx'
import { useMe, useServices } from '../../services.tsx'
import { Confirm } from '../../ui/confirm.tsx'

export function LeaveCommunity(props: { community: MyCommunity; onClose(): void }) {
  const { rest, router } = useServices()
  const me = useMe()
  const text = useText()
  return (
    <Confirm
      title={text.communities.leaveTitle(props.community.name)}
      lead={text.communities.leaveLead}
      action={text.common.leave}
      cancel={text.common.cancel}
      onClose={props.onClose}
      act={async () => {
        const params = { communityId: props.community.id, personId: me.id }
        const outcome = await rest.call('deleteCommunityMember', { params })
        if (!outcome.ok) return text.errors[outcome.error.code]
        props.onClose()
        router.go({ page: 'communities' })
        return undefined
      }}
    />
  )
}
