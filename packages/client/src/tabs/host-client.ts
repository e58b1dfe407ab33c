/** The host: performs what `host.ts` decides with the one real client, and tells its tabs what changes. */
import type { Id } from '@madang/protocol'
import type { Clock, Dice } from '../clock.ts'
import type { World } from '../create-client.ts'
import { type Environment, systemEnvironment } from '../environment.ts'
import { Machine } from '../machine.ts'
import type { Client, SessionView } from '../types.ts'
import {
  type Host,
  type HostEffect,
  type HostInput,
  isWanted,
  newHost,
  stepHost,
  tabsWith,
} from './host.ts'
import { HostCalls } from './host-calls.ts'
import { HostChannel } from './host-channel.ts'
import type { ToHost, ToTab } from './messages.ts'
import {
  type ChannelPatch,
  type Copy,
  EMPTY_SESSION,
  sessionPatch,
  wholeSession,
} from './mirror.ts'

/** Makes the one client, in the world that is handed to it. */
export type MakeClient = (world: World) => Client

export interface HostParts {
  readonly makeClient: MakeClient
  readonly world?: World
  post(tabs: readonly string[], message: ToTab): void
  /** Calls back when the tab is gone, where that can be known. Returns the way to stop looking. */
  watch(tab: string, lock: string | undefined, gone: () => void): () => void
}

export class HostClient {
  readonly name: string
  readonly #parts: HostParts
  readonly #environment: Environment
  readonly #machine: Machine<Host, HostInput, HostEffect>
  readonly #calls: HostCalls
  readonly #channels = new Map<Id, HostChannel>()
  readonly #watches = new Map<string, () => void>()
  #client: Client
  #unwatch: () => void = () => {}
  #session: Copy<SessionView> = { version: 0, view: EMPTY_SESSION }
  /** The client id of the message that is being handed over: the tab has made it. */
  #key: string | undefined
  #isStopped = false

  constructor(parts: HostParts) {
    this.#parts = parts
    this.#environment = parts.world?.environment ?? systemEnvironment
    const { clock, dice, newId }: { clock: Clock; dice: Dice; newId: () => string } =
      this.#environment
    this.name = newId()
    this.#client = this.#newClient()
    this.#machine = new Machine<Host, HostInput, HostEffect>({
      initial: newHost(this.name),
      step: stepHost,
      timer: { kind: 'timer' },
      clock,
      dice,
      perform: (effect) => this.#perform(effect),
    })
    this.#calls = new HostCalls({
      clock,
      client: () => this.#client,
      use: (channelId, act) => this.#use(channelId, act),
      send: (channel, { key, text, lane }) => {
        this.#key = key
        channel.handle.send(text, lane)
        this.#key = undefined
      },
      forget: (tab) => this.#forget(tab),
    })
  }

  heard(message: ToHost): void {
    this.#machine.dispatch({ kind: 'heard', message })
  }

  gone(tab: string): void {
    this.#machine.dispatch({ kind: 'gone', tab })
  }

  /** Says good-bye, and lets everything go; resolves when what is unsent is in storage. */
  async stop(): Promise<void> {
    this.#unwatch()
    for (const stop of this.#watches.values()) stop()
    this.#watches.clear()
    const tabs = [...this.#machine.state.tabs.keys()]
    for (const channel of this.#channels.values()) channel.close()
    this.#channels.clear()
    for (const tab of tabs) this.#machine.dispatch({ kind: 'gone', tab })
    this.#post(tabs, { kind: 'bye', host: this.name })
    this.#isStopped = true
    await this.#client.stop()
  }

  /** What is answered to a call after the good-bye is the next host's to say. */
  #post(tabs: readonly string[], message: ToTab): void {
    if (!this.#isStopped) this.#parts.post(tabs, message)
  }

  #newClient(): Client {
    const environment: Environment = {
      ...this.#environment,
      newId: () => this.#key ?? this.#environment.newId(),
    }
    const client = this.#parts.makeClient({ ...this.#parts.world, environment })
    this.#unwatch = client.session.subscribe(() => this.#flushSession())
    return client
  }

  #perform(effect: HostEffect): void {
    const { name: host } = this
    switch (effect.kind) {
      case 'start':
        this.#client.start()
        return
      case 'stop':
        void this.#client.stop()
        return
      case 'open':
        this.#channel(effect.channelId)
        return
      case 'close':
        this.#letGo(effect.channelId)
        return
      case 'welcome':
        this.#welcome(effect.tab)
        return
      case 'show': {
        const { tab, channelId } = effect
        const patch = this.#channel(channelId).whole()
        this.#post([tab], { kind: 'channel', host, channelId, patch })
        return
      }
      case 'pong':
      case 'who':
        this.#post([effect.tab], { kind: effect.kind, host })
        return
      case 'perform':
        void this.#answer(effect)
        return
      case 'watch': {
        const { tab, lock } = effect
        this.#watches.set(
          tab,
          this.#parts.watch(tab, lock, () => this.gone(tab)),
        )
        return
      }
      case 'unwatch':
        this.#watches.get(effect.tab)?.()
        this.#watches.delete(effect.tab)
    }
  }

  async #answer({ tab, id, call, again }: HostEffect & { kind: 'perform' }): Promise<void> {
    const answer = await this.#calls.make(tab, call, again)
    // What the call has changed is shown before it is answered.
    this.#flushSession()
    if ('channelId' in call) this.#channels.get(call.channelId)?.flush()
    this.#post([tab], { kind: 'answer', host: this.name, id, answer })
  }

  #welcome(tab: string): void {
    this.#flushSession()
    const wanted = this.#machine.state.tabs.get(tab)?.wants.open ?? []
    this.#post([tab], {
      kind: 'welcome',
      host: this.name,
      session: wholeSession(this.#session),
      channels: new Map(wanted.map((id) => [id, this.#channel(id).whole()] as const)),
    })
  }

  #flushSession(): void {
    const view = this.#client.session.snapshot()
    if (view === this.#session.view) return
    const patch = sessionPatch(this.#session, view)
    if (!patch) return
    this.#session = { version: patch.version, view }
    const tabs = [...this.#machine.state.tabs.keys()]
    this.#post(tabs, { kind: 'session', host: this.name, patch })
  }

  #channel(channelId: Id): HostChannel {
    const known = this.#channels.get(channelId)
    if (known) return known
    const channel = new HostChannel(this.#client.open(channelId), (patch) =>
      this.#tell(channelId, patch),
    )
    this.#channels.set(channelId, channel)
    return channel
  }

  #tell(channelId: Id, patch: ChannelPatch): void {
    const tabs = tabsWith(this.#machine.state, channelId)
    const { name: host } = this
    if (tabs.length > 0) this.#post(tabs, { kind: 'channel', host, channelId, patch })
  }

  /** Keeps the channel open until the call is done. */
  async #use<T>(channelId: Id, act: (channel: HostChannel) => Promise<T>): Promise<T> {
    const channel = this.#channel(channelId)
    try {
      return await channel.during(() => act(channel))
    } finally {
      this.#letGo(channelId)
    }
  }

  #letGo(channelId: Id): void {
    const channel = this.#channels.get(channelId)
    if (!channel || channel.isBusy || isWanted(this.#machine.state, channelId)) return
    this.#channels.delete(channelId)
    channel.close()
  }

  /** The next to come in may be somebody else, and gets a client that knows nothing. */
  async #forget(by: string): Promise<void> {
    const before = this.#client
    const others = [...this.#machine.state.tabs.keys()].filter((tab) => tab !== by)
    this.#machine.dispatch({ kind: 'forgotten' })
    this.#post(others, { kind: 'forgotten', host: this.name })
    this.#unwatch()
    await before.forget()
    if (this.#client !== before) return
    this.#client = this.#newClient()
    for (const [channelId, channel] of this.#channels) channel.reopen(this.#client.open(channelId))
    this.#flushSession()
  }
}
