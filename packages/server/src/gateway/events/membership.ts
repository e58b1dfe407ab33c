/** Coming into a channel and leaving it. */
import { errorBody, type MyChannel } from '@madang/protocol'
import { failedReplay } from '../opening.ts'
import type { Call, Desk, Handlers } from './call.ts'

export const membership: Pick<Handlers, 'join' | 'leave'> = {
  /**
   * All of it within the session's turn: who asks again because an answer stays out is answered in the order of asking, so that the answer that
   * counts, the last, has everything that the ones before it had.
   */
  join: (desk, { session, request: { channelId }, answer }) =>
    session.turn(async () => {
      session.joining.add(channelId)
      try {
        const channel = await desk.core.channels.join(session.person, channelId)
        await open(desk, session, channel, answer)
      } finally {
        session.joining.delete(channelId)
      }
    }),

  /** The `left` event is what ends it on every connection of the person, in the place that it has in the log. */
  async leave({ core }, { session, request: { channelId }, answer }) {
    const { seq } = await core.channels.leave(session.person, channelId)
    answer({ seq })
  },
}

async function open(
  { seats, opening, settings, digesting }: Desk,
  session: Call<'join'>['session'],
  channel: MyChannel,
  answer: Call<'join'>['answer'],
): Promise<void> {
  const seat = seats.take(session, channel)
  if (seat.state === 'digest' && session.open >= settings.limits.openChannelsMax) {
    const error = errorBody('limit_reached', { limit: 'openChannelsMax' })
    answer({ channel, replay: failedReplay(channel.id, channel.epoch, error) })
    seats.tell(session, seat)
    digesting.begin(session, seat)
    return
  }
  const commit = await opening.open(session, [{ seat, from: null }])
  commit(([replay]) => {
    if (replay === undefined) return
    answer({ channel, replay })
    // The person may have been put out while the channel was being opened.
    seats.tell(session, seat)
  })
}
