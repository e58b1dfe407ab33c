/** Signs of typing. */
import { Refusal } from '../../core/refusal.ts'
import type { Handlers } from './call.ts'

export const typing: Pick<Handlers, 'typing'> = {
  /** Whoever has a seat in the channel belongs there: no look at the store for something so small. */
  async typing(desk, { session, request: { channelId, typing }, answer }) {
    const { id, name } = session.person
    if (!session.seats.has(channelId)) throw new Refusal('not_member')
    if (typing) desk.typing.sign(channelId, { id, name })
    else desk.typing.stopped(channelId, id)
    answer({})
  },
}
