/** A channel's log: writing, changing, paging, and how far one has read. */
import type { Core } from '../../core/core.ts'
import type { Handlers } from '../ask.ts'

type Names =
  | 'listMessages'
  | 'createMessage'
  | 'updateMessage'
  | 'deleteMessage'
  | 'setQuestion'
  | 'listEvents'
  | 'setCursor'
  | 'listUnread'

export function messageHandlers({ messages, reading }: Core): Handlers<Names> {
  return {
    listMessages: ({ by, params, query }) => reading.history(by, { ...params, ...query }),
    createMessage: ({ by, params, body }) => messages.send(by, { ...params, ...body }),
    updateMessage: ({ by, params: { channelId, seq }, body }) =>
      messages.edit(by, { channelId, target: seq, ...body }),
    deleteMessage: ({ by, params: { channelId, seq } }) =>
      messages.delete(by, { channelId, target: seq }),
    setQuestion: ({ by, params: { channelId, seq }, body }) =>
      messages.question(by, { channelId, target: seq, ...body }),
    listEvents: ({ by, params, query }) => reading.events(by, { ...params, ...query }),
    setCursor: ({ by, params, body }) => reading.read(by, { ...params, ...body }),
    async listUnread({ by }) {
      const { channels } = await reading.belongings(by.id)
      return {
        channels: channels.map(({ id, communityId, cursor, head, unread }) => ({
          channelId: id,
          communityId,
          cursor,
          head,
          unread,
        })),
      }
    },
  }
}
