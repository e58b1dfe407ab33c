/** People at a real server: each with a client of their own, whose network can be taken away. */
import { createRestClient, type RestClient, RestRefusal } from '@madang/server/testing'
import { type Environment, systemEnvironment } from '../src/environment.ts'
import {
  type ChannelHandle,
  type ChannelView,
  type Client,
  type ClientOptions,
  createClient,
  type TimelineMessage,
  type View,
} from '../src/index.ts'

export interface Participant extends AsyncDisposable {
  readonly client: Client
  /** What a browser says when its network goes and comes. */
  setOnline(online: boolean): void
}

/** A client that is started, and stopped at the end of the block. */
export function participant(options: ClientOptions): Participant {
  const listeners = new Set<(online: boolean) => void>()
  const environment: Environment = {
    ...systemEnvironment,
    // Short waits: it is the order of things that is tested, not how long they take.
    dice: () => 0.05,
    network: {
      subscribe(changed) {
        listeners.add(changed)
        return () => listeners.delete(changed)
      },
    },
  }
  const client = createClient(options, { environment })
  client.start()
  return {
    client,
    setOnline: (online) => {
      for (const changed of listeners) changed(online)
    },
    [Symbol.asyncDispose]: () => client.stop(),
  }
}

/** Resolves to the view's value as soon as it is as wanted. */
export function until<T>(view: View<T>, wanted: (value: T) => boolean): Promise<T> {
  return new Promise((resolve) => {
    let unsubscribe = (): void => {}
    const look = (): void => {
      const value = view.snapshot()
      if (!wanted(value)) return
      unsubscribe()
      resolve(value)
    }
    unsubscribe = view.subscribe(look)
    look()
  })
}

/** A server on a machine that is busy says so; it is asked again when it says. */
export function patientRestClient(url: string, token?: string): RestClient {
  const rest = createRestClient(url, token)
  return {
    ...rest,
    async call(name, what) {
      for (;;) {
        try {
          return await rest.call(name, what)
        } catch (thrown) {
          if (!(thrown instanceof RestRefusal) || thrown.body.retry !== 'later') throw thrown
          const { retryAfterMs = 100 } = thrown.body
          await new Promise((resolve) => setTimeout(resolve, retryAfterMs))
        }
      }
    },
    as: (other) => patientRestClient(url, other),
  }
}

export interface Guest extends Participant {
  /** The channel that every guest is in. */
  readonly hall: string
}

export async function guest(url: string, guestName: string): Promise<Guest> {
  const one = participant({ url, guestName })
  const { channels } = await until(one.client.session, (session) => session.channels.length > 0)
  return { ...one, hall: channels[0]?.id ?? '' }
}

/** An open channel with its latest page. */
export async function loaded(one: Participant, channelId: string): Promise<ChannelHandle> {
  const channel = one.client.open(channelId)
  await until(channel, (view) => view.loaded)
  return channel
}

export const messages = ({ items }: ChannelView): TimelineMessage[] =>
  items.filter((item) => item.kind === 'message')

/** What people wrote, a line each, and what became of it. */
export const texts = (view: ChannelView): string[] =>
  messages(view).map((item) => `${item.state} ${item.text}`)

export const shows =
  (...wanted: string[]) =>
  (view: ChannelView): boolean =>
    texts(view).join('\n') === wanted.join('\n')
