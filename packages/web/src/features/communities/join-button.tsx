/** Joins a public community, and goes in. */
import type { MyCommunity } from '@madang/client'

import { useState } from 'react'
import { useMe, useServices } from '../../services.tsx'
import { Button } from '../../ui/button.tsx'
import { routeInto } from './entering.ts'

export interface JoinButtonProps {
  readonly community: MyCommunity
  readonly words: string
  readonly size?: 's' | 'm'
}

export function JoinButton({ community, words, size = 'm' }: JoinButtonProps) {
  const { rest, router, refusal } = useServices()
  const me = useMe()
  const [busy, setBusy] = useState(false)
  const join = async () => {
    setBusy(true)
    const params = { communityId: community.id, personId: me.id }
    const outcome = await rest.call('setCommunityMember', { params, body: {} })
    if (outcome.ok) router.go(await routeInto(rest, community.id))
    else refusal.set(outcome.error)
    setBusy(false)
  }
  return (
    <Button
      size={size}
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
