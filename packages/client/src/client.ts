/** The client: performs what the connection machine decides, and brings what the server says to whom it concerns. */
import type { DownPayload, ErrorBody, Id, Person } from '@madang/protocol'
import { WIRE_VERSION } from '@madang/protocol/version'
import { BOUNDS } from './bounds.ts'
import {
  type Connection,
  type ConnectionEffect,
  type ConnectionInput,
  connectionView,
  newConnection,
  stepConnection,
} from './connection.ts'
import { type Credentials, credentialsFor, isGuestVoid } from './credentials.ts'
import type { Environment } from './environment.ts'
import { openHandle } from './handle.ts'
import type { Link, Listener, OpenLink } from './link.ts'
import { Machine } from './machine.ts'
import { OpenChannels } from './open-channels.ts'
import { errorFrom, goneError, OUTCOME_UNKNOWN } from './refusals.ts'
import { ask } from './requests.ts'
import { Sender } from './sender.ts'
import { Session } from './session.ts'
import type { ChannelHandle, Client, ClientOptions, Outcome, SessionView, View } from './types.ts'
import type { Vault } from './vault.ts'

export interface ClientParts {
  readonly options: ClientOptions
  readonly vault: Vault
  readonly environment: Environment
  readonly openLink: OpenLink
}

export class ChatClient implements Client {
  readonly #parts: ClientParts
  readonly #session: Session
  readonly #sender: Sender
  readonly #channels: OpenChannels
  readonly #connection: Machine<Connection, ConnectionInput, ConnectionEffect>
  #link: Link | undefined
  /** Which try to connect is the present one. */
  #tries = 0
  #shown: Credentials | undefined
  /** Who we are, or were the last time. */
  #self: Person | undefined
  #unwatchNetwork: (() => void) | undefined

  constructor(parts: ClientParts) {
    this.#parts = parts
    const { environment, vault } = parts
    const { clock, dice } = environment
    this.#connection = new Machine<Connection, ConnectionInput, ConnectionEffect>({
      initial: newConnection,
      step: stepConnection,
      timer: { kind: 'timer' },
      clock,
      dice,
      perform: (effect) => this.#perform(effect),
      changed: () => this.#session.view.invalidate(),
    })
    this.#session = new Session(clock, () => connectionView(this.#connection.state))
    this.#sender = new Sender({
      environment,
      vault,
      emit: ({ channelId, clientId, text, lane }, answered) =>
        this.#live()?.request(
          'send',
          { channelId, clientId, text, ...(lane && { lane }) },
          answered,
        ),
      sent: (draft, receipt) => this.#channels.get(draft.channelId)?.takeReceipt(draft, receipt),
      changed: (ids) => {
        for (const id of ids) this.#channels.get(id)?.view.invalidate()
      },
      restored: (ids) => {
        for (const id of ids) this.#channels.get(id)?.takeRestored()
      },
    })
    this.#channels = new OpenChannels({
      environment,
      session: this.#session,
      sender: this.#sender,
      link: () => this.#live(),
      self: () => this.#self,
    })
  }

  get session(): View<SessionView> {
    return this.#session.view
  }

  start(): void {
    const { network } = this.#parts.environment
    this.#unwatchNetwork ??= network.subscribe((online) =>
      this.#connection.dispatch({ kind: online ? 'browserOnline' : 'browserOffline' }),
    )
    this.#connection.dispatch({ kind: 'start' })
  }

  async stop(): Promise<void> {
    this.#unwatchNetwork?.()
    this.#unwatchNetwork = undefined
    this.#channels.stop()
    this.#connection.dispatch({ kind: 'stop' })
    this.#session.view.stop()
    await this.#sender.saved()
  }

  async forget(): Promise<void> {
    await this.stop()
    this.#sender.forget()
    const self = this.#self?.id
    this.#self = undefined
    await this.#parts.vault.forget(self)
  }

  reconnect(): void {
    this.#connection.dispatch({ kind: 'reconnect' })
  }

  open(channelId: Id): ChannelHandle {
    const channel = this.#channels.open(channelId)
    const { newId, clock } = this.#parts.environment
    return openHandle(channel, {
      newId,
      now: () => clock.now(),
      dispatch: (input) => this.#sender.dispatch(input),
      ask: (name, payload) => ask(this.#live(), name, payload),
      markRead: (seq) => this.#channels.markRead(channel, seq),
      close: () => this.#channels.close(channel),
    })
  }

  joinChannel(channelId: Id): ReturnType<Client['joinChannel']> {
    return ask(this.#live(), 'join', { channelId }, ({ channel, replay }) => {
      this.#session.takeChannel(channel)
      this.#channels.takeJoined(replay)
    })
  }

  leaveChannel(channelId: Id): Promise<Outcome> {
    return ask(this.#live(), 'leave', { channelId }, () => this.#takeGone(channelId, 'left'))
  }

  /** The link, while it may be asked for things. */
  #live(): Link | undefined {
    return this.#connection.state.status === 'online' ? this.#link : undefined
  }

  #perform(effect: ConnectionEffect): void {
    if (effect.kind === 'connect') void this.#connect(effect.pollingFirst)
    else this.#disconnect()
  }

  #disconnect(): void {
    // A try that has not come as far as a link is over, too.
    this.#tries += 1
    this.#link?.close()
    this.#lost()
  }

  async #connect(pollingFirst: boolean): Promise<void> {
    this.#tries += 1
    const present = this.#tries
    const shown = await this.#credentials()
    if (present !== this.#tries) return
    if (!shown) return this.#connection.dispatch({ kind: 'closed' })
    this.#shown = shown
    const { asGuest: _, ...identity } = shown
    this.#link = this.#parts.openLink({
      url: this.#parts.options.url,
      greeting: { wire: WIRE_VERSION, ...identity, cursors: this.#channels.cursors() },
      pollingFirst,
      ackTimeoutMs: BOUNDS.ackTimeoutMs,
      listener: this.#listener(),
      refused: (error) => void this.#turnedAway('refused', error),
      closed: () => {
        this.#lost()
        this.#connection.dispatch({ kind: 'closed' })
      },
    })
  }

  /** Undefined: the application could not give its token now. */
  async #credentials(): Promise<Credentials | undefined> {
    const { options, vault } = this.#parts
    const { token, guestName } = options
    this.#self ??= await vault.person()
    if (this.#self) await this.#sender.own(this.#self)
    const guest = guestName === undefined ? undefined : await vault.guest()
    try {
      const own = typeof token === 'function' ? await token() : token
      return credentialsFor(own, guestName, guest)
    } catch {
      return undefined
    }
  }

  #lost(): void {
    this.#link = undefined
    this.#sender.dispatch({ kind: 'lost' })
    this.#channels.lost()
  }

  #listener(): Listener {
    return {
      ready: (ready) => this.#takeReady(ready),
      event: (event) => this.#channels.takeEvent(event),
      digest: (digest) => this.#session.takeDigest(digest),
      typing: ({ channelId, people }) => this.#channels.get(channelId)?.takeTyping(people),
      presence: (notice) => this.#session.takePresence(notice),
      read: (notice) => this.#channels.takeRead(notice),
      channel: ({ channel }) => {
        this.#session.takeChannel(channel)
        this.#channels.takeMine(channel.id)
      },
      gone: ({ channelId, reason }) => this.#takeGone(channelId, reason),
      community: ({ community }) => {
        for (const id of this.#session.takeCommunity(community)) this.#takeGone(id, 'left')
      },
      resume: ({ channelIds }) => this.#channels.takeStale(channelIds),
      goaway: ({ withinMs }) => this.#connection.dispatch({ kind: 'goaway', withinMs }),
      closed: ({ error }) => void this.#turnedAway('told', errorFrom(error) ?? OUTCOME_UNKNOWN),
    }
  }

  #takeReady(ready: DownPayload<'ready'>): void {
    const { person, node, session } = ready
    const { vault, options } = this.#parts
    this.#self = person
    this.#connection.dispatch({ kind: 'ready', node })
    this.#session.takeReady(ready)
    this.#channels.takeReady(ready)
    void vault.keepPerson(person)
    if (session && options.guestName !== undefined) {
      void vault.keepGuest({ token: session.token, name: options.guestName })
    }
    const link = this.#link
    void this.#sender.own(person).then(() => {
      if (link && this.#live() === link) this.#sender.dispatch({ kind: 'online' })
    })
  }

  #takeGone(channelId: Id, reason: DownPayload<'gone'>['reason']): void {
    this.#session.takeGone(channelId)
    this.#channels.takeGone(channelId, goneError(reason))
  }

  /** The server will not have us. Where that is only the guest of last time, or a token that can be had anew, we come again. */
  async #turnedAway(kind: 'refused' | 'told', error: ErrorBody): Promise<void> {
    const present = this.#tries
    const isVoid = isGuestVoid(this.#shown, error)
    if (isVoid) await this.#parts.vault.forgetGuest()
    if (present !== this.#tries) return
    const isStale =
      kind === 'told' &&
      error.code === 'session_expired' &&
      typeof this.#parts.options.token === 'function'
    const retry = isVoid || isStale ? 'now' : error.retry
    this.#connection.dispatch({ kind, error: { ...error, retry } })
  }
}
