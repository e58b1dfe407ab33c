/** A client at a server that a test plays, in a world whose time it holds. */
import { createClient } from '../create-client.ts'
import type { ChannelHandle, Client, ClientOptions } from '../types.ts'
import { type FakeEnvironment, fakeEnvironment, settled } from './fake-environment.ts'
import { FakeServer, myChannel } from './fake-server.ts'
import { author, CHANNEL, ModelLog } from './model-log.ts'

export const YOU = author(1)

export interface Bench {
  readonly client: Client
  readonly server: FakeServer
  readonly environment: FakeEnvironment
  readonly log: ModelLog
}

export function bench(options: ClientOptions = {}): Bench {
  const server = new FakeServer()
  const environment = fakeEnvironment()
  const client = createClient(options, { environment, openLink: server.openLink })
  return { client, server, environment, log: new ModelLog() }
}

/** Connected, with one channel open and its latest page loaded. */
export async function opened(
  options: ClientOptions = {},
): Promise<Bench & { readonly channel: ChannelHandle }> {
  const all = bench(options)
  const channel = all.client.open(CHANNEL)
  all.client.start()
  await settled()
  all.log.send({ clientId: 'first', by: YOU, text: 'hello' })
  readyWith(all)
  await settled()
  return { ...all, channel }
}

/** The server lets the client in, with what it missed since the cursor that it showed. */
export function readyWith({ server, log }: Bench): void {
  const cursor = server.now.parts.greeting.cursors[CHANNEL]
  const replays = cursor === undefined ? [] : [log.replay(cursor?.seq, 50)]
  const { head } = log
  server.now.ready({
    channels: [myChannel(CHANNEL, { head, messages: head })],
    open: cursor === undefined ? [] : [CHANNEL],
    replays,
  })
}

/** What the channel shows, a line each. */
export const texts = (channel: ChannelHandle): string[] =>
  channel
    .snapshot()
    .items.map((item) => (item.kind === 'message' ? `${item.state} ${item.text}` : item.event.kind))
