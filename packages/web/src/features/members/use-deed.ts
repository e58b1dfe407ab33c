/** Changes somebody's role in a channel, or sees them out, and says why where that is refused. */
import type { Author, ErrorBody, MyChannel } from '@madang/client'

import { useState } from 'react'
import type { Rest } from '../../rest.ts'
import { useServices } from '../../services.tsx'
import { ROLE_MADE, type RoleDeed } from './deeds.ts'

export function useDeed(channel: MyChannel, person: Author, onDone: () => void) {
  const { rest, refusal } = useServices()
  const [busy, setBusy] = useState(false)
  const act = async (deed: RoleDeed) => {
    setBusy(true)
    const outcome = await rest.call('setChannelMember', {
      params: { channelId: channel.id, personId: person.id },
      body: { role: ROLE_MADE[deed] },
    })
    setBusy(false)
    if (!outcome.ok) refusal.set(outcome.error)
    onDone()
  }
  return { busy, act }
}

/** Resolves to why it was refused, or to nothing. */
export async function seeOut(
  rest: Rest,
  deed: 'remove' | 'ban',
  channelId: string,
  personId: string,
): Promise<ErrorBody | undefined> {
  const params = { channelId, personId }
  const outcome =
    deed === 'ban'
      ? await rest.call('banFromChannel', { params, body: {} })
      : await rest.call('deleteChannelMember', { params })
  return outcome.ok ? undefined : outcome.error
}
