/** What one opener of a channel holds. */
import type { UpName, UpRequest, UpResult } from '@madang/protocol'
import type { Channel } from './channel.ts'
import type { OutboxInput } from './outbox.ts'
import type { ChannelHandle, Outcome } from './types.ts'

export interface HandleParts {
  readonly newId: () => string
  readonly now: () => number
  dispatch(input: OutboxInput & { kind: 'send' | 'retry' | 'discard' }): void
  ask<N extends UpName>(name: N, payload: UpRequest<N>): Promise<Outcome<UpResult<N>>>
  markRead(seq: number): void
  lookAt(seq: number | undefined): void
  close(): void
}

export function openHandle(channel: Channel, parts: HandleParts): ChannelHandle {
  const { id: channelId } = channel
  const { ask, dispatch } = parts
  let isOpen = true
  return {
    id: channelId,
    snapshot: channel.view.snapshot,
    subscribe: channel.view.subscribe,
    send(text, lane) {
      const clientId = parts.newId()
      const createdAt = parts.now()
      dispatch({
        kind: 'send',
        draft: { clientId, channelId, text, ...(lane && { lane }), createdAt },
      })
      channel.doneTyping()
      return clientId
    },
    retry: (clientId) => dispatch({ kind: 'retry', clientId }),
    discard: (clientId) => dispatch({ kind: 'discard', clientId }),
    edit: (target, text) => ask('edit', { channelId, target, text }),
    delete: (target) => ask('delete', { channelId, target }),
    setQuestion: (target, state) => ask('question', { channelId, target, state }),
    loadOlder: () => channel.load(false),
    loadNewer: () => channel.load(true),
    lookAt: (seq) => parts.lookAt(seq),
    markRead: (seq) => parts.markRead(seq),
    typing: () => channel.key(),
    close() {
      if (!isOpen) return
      isOpen = false
      parts.close()
    },
  }
}
