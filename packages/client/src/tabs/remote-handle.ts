/** What one opener of a channel holds in a tab: every method is a call to the host. */
import type { ChannelHandle, Outcome } from '../types.ts'
import type { Call } from './messages.ts'
import type { RemoteChannel } from './remote-channel.ts'

export interface RemoteHandleParts {
  readonly newId: () => string
  call(call: Call): Promise<Outcome>
  close(): void
}

export function remoteHandle(channel: RemoteChannel, parts: RemoteHandleParts): ChannelHandle {
  const { id: channelId } = channel
  const { call } = parts
  let isOpen = true
  let lookedAt: number | undefined
  return {
    id: channelId,
    snapshot: channel.view.snapshot,
    subscribe: channel.view.subscribe,
    send(text, lane) {
      const key = parts.newId()
      void call({ do: 'send', channelId, key, text, ...(lane && { lane }) })
      return key
    },
    retry: (key) => void call({ do: 'retry', channelId, key }),
    discard: (key) => void call({ do: 'discard', channelId, key }),
    edit: (seq, text) => call({ do: 'edit', channelId, seq, text }),
    delete: (seq) => call({ do: 'delete', channelId, seq }),
    setQuestion: (seq, state) => call({ do: 'question', channelId, seq, state }),
    loadOlder: async () => void (await call({ do: 'older', channelId })),
    loadNewer: async () => void (await call({ do: 'newer', channelId })),
    lookAt(seq) {
      const isAsked = seq === undefined && channel.view.snapshot().newer
      if (seq === lookedAt && !isAsked) return
      lookedAt = seq
      void call({ do: 'look', channelId, seq })
    },
    markRead: (seq) => void call({ do: 'read', channelId, seq }),
    typing: () => void call({ do: 'typing', channelId }),
    close() {
      if (!isOpen) return
      isOpen = false
      parts.close()
    },
  }
}
