/** React hooks over the client's views. What is shown is what the client says: the hooks keep nothing of their own but a handle. */
import { useEffect, useState, useSyncExternalStore } from 'react'
import type { ChannelHandle, ChannelView, Client, Id, SessionView, View } from './index.ts'

/** The present value of a view; renders again when it changes. */
export function useView<T>(view: View<T>): T {
  return useSyncExternalStore(view.subscribe, view.snapshot, view.snapshot)
}

/** Who we are, our channels, what is unread, who is online, how the connection is. */
export function useSession(client: Client): SessionView {
  return useView(client.session)
}

/** A channel that is open as long as it is shown. */
export interface ShownChannel {
  readonly handle: ChannelHandle
  readonly view: ChannelView
}

/**
 * Opens a channel while the component is mounted, and closes it after. Undefined in the very first render, since a render may be thrown
 * away and must open nothing; React renders again at once.
 */
export function useChannel(client: Client, channelId: Id): ShownChannel | undefined {
  const [handle, setHandle] = useState<ChannelHandle>()
  useEffect(() => {
    const opened = client.open(channelId)
    setHandle(opened)
    return () => opened.close()
  }, [client, channelId])
  // For one render after the id has changed, the handle is still the one before.
  const current = handle?.id === channelId ? handle : undefined
  const view = useView<ChannelView | undefined>(current ?? NOTHING)
  return current && view ? { handle: current, view } : undefined
}

const NOTHING: View<undefined> = { snapshot: () => undefined, subscribe: () => () => {} }
