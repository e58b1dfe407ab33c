/** Reading: history, cursors, and which channels are open. */
import type { UpRequest } from '@madang/protocol'
import { fitting } from '../page-size.ts'
import type { Session } from '../session.ts'
import type { Desk, Handlers } from './call.ts'

export const reading: Pick<Handlers, 'history' | 'read' | 'sync'> = {
  async history({ core, settings }, { session, request, answer }) {
    const { channelId, before, after, limit } = request
    const page = await core.reading.history(session.person, {
      channelId,
      ...(before !== undefined && { before }),
      ...(after !== undefined && { after }),
      ...(limit !== undefined && { limit }),
    })
    const keep = after === undefined ? 'newest' : 'oldest'
    const events = fitting(page.events, settings.bounds.pageBytesMax, keep)
    answer({
      events: [...events],
      head: page.head,
      more: page.more || events.length < page.events.length,
    })
  },

  async read({ core }, { session, request, answer }) {
    const { cursor, unread } = await core.reading.read(session.person, request)
    answer({ cursor, unread })
  },

  sync: (desk, { session, request, answer }) =>
    session.turn(async () => {
      close(desk, session, request.close ?? [])
      const { wants, failed } = await desk.opening.plan(session, request.open ?? {})
      const commit = await desk.opening.open(session, wants)
      commit((replays) => answer({ replays: [...replays, ...failed] }))
    }),
}

/** A member's channel goes back to digests; a live channel that was only watched is let go of. */
function close(
  { seats, digesting }: Desk,
  session: Session,
  channelIds: NonNullable<UpRequest<'sync'>['close']>,
): void {
  for (const channelId of channelIds) {
    const seat = session.seats.get(channelId)
    if (seat === undefined || seat.state === 'digest') continue
    if (seat.member) digesting.begin(session, seat)
    else seats.giveUp(session, seat)
  }
}
