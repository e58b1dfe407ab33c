/** A tab's client: the same as the real one to an application, which is with the host. */
import type { Id, Person } from '@madang/protocol'
import { errorBody } from '@madang/protocol/errors'
import type { Environment } from '../environment.ts'
import { Machine } from '../machine.ts'
import { OUTCOME_UNKNOWN } from '../refusals.ts'
import type { ChannelHandle, Client, ConnectionView, Outcome, SessionView, View } from '../types.ts'
import { LazyView } from '../view.ts'
import { TAB_BOUNDS } from './bounds.ts'
import type { HeldLock, TabLocks } from './locks.ts'
import type { Call, CallAnswer } from './messages.ts'
import { type Copy, EMPTY_SESSION, withSessionPatch } from './mirror.ts'
import type { WatchPage } from './page.ts'
import { type Handed, RemoteChannel } from './remote-channel.ts'
import { remoteHandle } from './remote-handle.ts'
import { newTab, stepTab, type Tab, type TabEffect, type TabInput } from './tab.ts'
import type { OpenWay, Way } from './way.ts'

export interface RemoteParts {
  /** This tab's own, for as long as the page lives. */
  readonly tab: string
  /** The Web Lock that it holds while it is there. */
  readonly lock: string | undefined
  readonly locks?: TabLocks
  readonly environment: Environment
  readonly openWay: OpenWay
  readonly watchPage: WatchPage
}

export class RemoteClient implements Client {
  readonly session: View<SessionView>
  readonly #parts: RemoteParts
  readonly #view: LazyView<SessionView>
  readonly #machine: Machine<Tab, TabInput, TabEffect>
  readonly #channels = new Map<Id, RemoteChannel>()
  readonly #waiting = new Map<number, (answer: CallAnswer) => void>()
  /** When each message was sent here. */
  readonly #sentAt = new Map<string, number>()
  #copy: Copy<SessionView> | undefined
  /** The last view in which somebody was known: shown while the next host does not know yet. */
  #kept: SessionView | undefined
  #way: Way | undefined
  #lock: HeldLock | undefined
  #unwatch: (() => void) | undefined
  #isStopped = false
  #isForgotten = false

  constructor(parts: RemoteParts) {
    this.#parts = parts
    const { clock, dice } = parts.environment
    this.#view = new LazyView(clock, () => this.#compute())
    this.session = this.#view
    this.#machine = new Machine<Tab, TabInput, TabEffect>({
      initial: newTab(parts.tab, parts.lock),
      step: stepTab,
      timer: { kind: 'timer' },
      clock,
      dice,
      perform: (effect) => this.#perform(effect),
      changed: (before, after) => {
        if (before.status !== after.status) this.#view.invalidate()
      },
    })
  }

  start(): void {
    this.#isStopped = false
    this.#isForgotten = false
    this.#machine.dispatch({ kind: 'start' })
    this.#unwatch ??= this.#parts.watchPage({
      away: () => void this.#go(),
      back: () => void this.#come(),
      awake: () => this.#machine.dispatch({ kind: 'awake' }),
    })
    void this.#come()
    this.#view.invalidate()
  }

  async stop(): Promise<void> {
    this.#unwatch?.()
    this.#unwatch = undefined
    this.#isStopped = true
    this.#machine.dispatch({ kind: 'stop' })
    this.#view.invalidate()
    await this.#go()
    this.#view.stop()
    for (const channel of this.#channels.values()) channel.view.stop()
  }

  async forget(): Promise<void> {
    // Whoever has not started has nobody to tell.
    if (this.#way) await this.#call({ do: 'forget' })
    for (const channel of this.#channels.values()) channel.clear()
    await this.stop()
  }

  reconnect(): void {
    void this.#call({ do: 'reconnect' })
  }

  open(channelId: Id): ChannelHandle {
    const channel = this.#channel(channelId)
    this.#machine.dispatch({ kind: 'open', channelId })
    return remoteHandle(channel, {
      newId: this.#parts.environment.newId,
      call: (call) => this.#call(call),
      close: () => this.#close(channel),
    })
  }

  async joinChannel(channelId: Id): ReturnType<Client['joinChannel']> {
    const answer = await this.#call({ do: 'join', channelId })
    return answer as Awaited<ReturnType<Client['joinChannel']>>
  }

  leaveChannel(channelId: Id): Promise<Outcome> {
    return this.#call({ do: 'quit', channelId })
  }

  async #come(): Promise<void> {
    const { lock, locks, openWay } = this.#parts
    if (this.#lock || this.#way) return
    // Whoever says hello before it holds its lock is taken for gone.
    const held = lock === undefined ? undefined : locks?.hold(lock)
    this.#lock = held ?? { held: Promise.resolve(), release: () => {} }
    const present = this.#lock
    if (held) await held.held
    if (this.#lock !== present) return
    this.#way = openWay({
      heard: (message) => this.#machine.dispatch({ kind: 'heard', message }),
      failed: () => this.#machine.dispatch({ kind: 'awake' }),
    })
    this.#machine.dispatch({ kind: 'come' })
  }

  async #go(): Promise<void> {
    this.#machine.dispatch({ kind: 'go' })
    this.#lock?.release()
    this.#lock = undefined
    const way = this.#way
    this.#way = undefined
    await way?.close()
  }

  #call(call: Call): Promise<CallAnswer> {
    return new Promise((resolve) => {
      const id = this.#machine.state.nextId
      this.#waiting.set(id, resolve)
      if (call.do === 'send') this.#sentAt.set(call.key, this.#parts.environment.clock.now())
      this.#machine.dispatch({ kind: 'call', call })
      if (call.do === 'send') this.#channels.get(call.channelId)?.view.invalidate()
    })
  }

  #perform(effect: TabEffect): void {
    switch (effect.kind) {
      case 'post':
        this.#way?.post(effect.message)
        return
      case 'seek':
        this.#way?.seek()
        return
      case 'show':
        this.#show(effect.message)
        return
      case 'settle':
        this.#settle(effect.id, effect.answer)
        return
      case 'forgotten':
        this.#isForgotten = true
        this.#kept = undefined
        for (const channel of this.#channels.values()) channel.clear()
        this.#view.invalidate()
    }
  }

  #show(message: (TabEffect & { kind: 'show' })['message']): void {
    let fits = true
    if (message.kind === 'channel') {
      const channel = this.#channels.get(message.channelId)
      fits = !this.#isWanted(message.channelId) || !channel || channel.take(message.patch)
    } else if (message.kind === 'session') {
      fits = this.#become(withSessionPatch(this.#copy, message.patch))
    } else {
      this.#become(withSessionPatch(undefined, message.session))
      for (const channel of this.#channels.values()) {
        const patch = message.channels.get(channel.id)
        channel.drop()
        if (patch) channel.take(patch)
      }
    }
    if (!fits) this.#machine.dispatch({ kind: 'misfit' })
  }

  #become(copy: Copy<SessionView> | undefined): boolean {
    this.#copy = copy
    const person = copy?.view.person
    if (copy && person) {
      if (this.#kept?.person && this.#kept.person.id !== person.id) this.#clearKept()
      this.#kept = copy.view
    }
    this.#view.invalidate()
    return copy !== undefined
  }

  #clearKept(): void {
    for (const channel of this.#channels.values()) channel.clear()
  }

  #settle(id: number, answer: CallAnswer | 'unknown'): void {
    const resolve = this.#waiting.get(id)
    this.#waiting.delete(id)
    resolve?.(answer === 'unknown' ? { ok: false, error: OUTCOME_UNKNOWN } : answer)
    const waiting = this.#handedAll().map(({ call }) => call.key)
    for (const key of this.#sentAt.keys()) if (!waiting.includes(key)) this.#sentAt.delete(key)
  }

  #compute(): SessionView {
    const view = this.#copy?.view ?? EMPTY_SESSION
    const shown = view.person || !this.#kept ? view : { ...this.#kept, connection: view.connection }
    const connection = this.#connection()
    if (this.#isForgotten) return { ...EMPTY_SESSION, connection: connection ?? view.connection }
    return connection ? { ...shown, connection } : shown
  }

  /** Undefined: as the host says. */
  #connection(): ConnectionView | undefined {
    if (this.#isStopped) return { status: 'stopped' }
    if (this.#isForgotten) return { status: 'refused', error: errorBody('session_expired') }
    const { status, started } = this.#machine.state
    if (!started) return { status: 'idle' }
    return status === 'joined' && this.#copy ? undefined : { status: 'connecting' }
  }

  #person(): Person | undefined {
    return this.#copy?.view.person ?? this.#kept?.person
  }

  #handedAll(): readonly Handed[] {
    return this.#machine.state.calls.flatMap(({ call }) =>
      call.do === 'send' ? [{ call, createdAt: this.#sentAt.get(call.key) ?? 0 }] : [],
    )
  }

  #channel(id: Id): RemoteChannel {
    const known = this.#channels.get(id)
    if (known) return known
    const channel = new RemoteChannel(id, {
      clock: this.#parts.environment.clock,
      self: () => this.#person(),
      handed: () => this.#handedAll().filter(({ call }) => call.channelId === id),
    })
    this.#channels.set(id, channel)
    return channel
  }

  #isWanted(channelId: Id): boolean {
    return this.#machine.state.open.has(channelId)
  }

  /** To the end of those that nobody looks at; the first of them go where there are too many. */
  #close(channel: RemoteChannel): void {
    this.#machine.dispatch({ kind: 'close', channelId: channel.id })
    if (this.#isWanted(channel.id)) return
    channel.drop()
    this.#channels.delete(channel.id)
    this.#channels.set(channel.id, channel)
    const closed = [...this.#channels.keys()].filter((id) => !this.#isWanted(id))
    for (const id of closed.slice(0, -TAB_BOUNDS.closedViewsMax)) this.#channels.delete(id)
  }
}
