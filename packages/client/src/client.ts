/** The client: performs what the connection machine decides, and brings what the server says to whom it concerns. */
import type { DownPayload, ErrorBody, Id, Person } from '@madang/protocol'
import { WIRE_VERSION } from '@madang/protocol/version'
import {
  type Connection,
  type ConnectionEffect,
  type ConnectionInput,
  connectionView,
  isLive,
  isSameView,
  newConnection,
  stepConnection,
} from './connection.ts'
import { type Credentials, credentialsFor, isGuestVoid, isTokenStale } from './credentials.ts'
import type { Environment } from './environment.ts'
import { openHandle } from './handle.ts'
import type { Link, Listener, OpenLink } from './link.ts'
import { Machine } from './machine.ts'
import { OpenChannels } from './open-channels.ts'
import { errorFrom, goneError, OUTCOME_UNKNOWN } from './refusals.ts'
import { ask } from './requests.ts'
import { Sender } from './sender.ts'
import { Session } from './session.ts'
import { type LinkDetails, type Transport, Transports } from './transports.ts'
import type { ChannelHandle, Client, ClientOptions, Outcome, SessionView, View } from './types.ts'
import type { Vault, VaultParts } from './vault.ts'

export interface ClientParts {
  readonly options: ClientOptions
  openVault(parts: VaultParts): Vault
  readonly environment: Environment
  readonly openLink: OpenLink
}

export class ChatClient implements Client {
  readonly #parts: ClientParts
  readonly #vault: Vault
  readonly #session: Session
  readonly #sender: Sender
  readonly #channels: OpenChannels
  readonly #connection: Machine<Connection, ConnectionInput, ConnectionEffect>
  readonly #transports: Transports
  /** The application's token that the server last called expired: shown again, it is no new one. */
  #expired: string | undefined
  /** Who we are, or were the last time. */
  #self: Person | undefined
  #unwatchNetwork: (() => void) | undefined

  constructor(parts: ClientParts) {
    this.#parts = parts
    const { environment } = parts
    const { clock, dice } = environment
    const troubled = (reason?: string): void => this.#session.takeStorage(reason)
    const vault = parts.openVault({ clock, troubled })
    this.#vault = vault
    this.#connection = new Machine<Connection, ConnectionInput, ConnectionEffect>({
      initial: newConnection,
      step: stepConnection,
      timer: { kind: 'timer' },
      clock,
      dice,
      perform: (effect) => this.#perform(effect),
      changed: (before, after) => {
        if (!isSameView(before, after)) this.#session.view.invalidate()
      },
    })
    this.#transports = new Transports({
      clock,
      open: (link) => parts.openLink(link),
      credentials: () => this.#credentials(),
      details: (transport, shown) => this.#details(transport, shown),
      failed: (transport) => this.#closed(transport),
      silent: () => this.#connection.dispatch({ kind: 'silent' }),
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
      sent: (draft, receipt) => this.#channels.takeReceipt(draft, receipt),
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
    const self = this.#self
    this.#self = undefined
    await this.#vault.forget(self?.id)
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
      lookAt: (seq) => this.#channels.lookAt(channel, seq),
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
    return isLive(this.#connection.state) ? this.#transports.present?.link : undefined
  }

  #perform(effect: ConnectionEffect): void {
    const transports = this.#transports
    switch (effect.kind) {
      case 'connect':
      case 'prepare':
        transports[effect.kind](effect.pollingFirst)
        break
      case 'adopt':
        transports.adopt()
        // What was opened beside a transport that broke meanwhile is not ready yet.
        if (isLive(this.#connection.state)) this.#channels.moved()
        else this.#lost()
        break
      case 'disconnect':
        transports.disconnect()
        this.#lost()
        break
      case 'abandon':
      case 'probe':
        transports[effect.kind]()
    }
  }

  #details(transport: Transport, shown: Credentials): LinkDetails {
    const { asGuest: _, ...identity } = shown
    return {
      url: this.#parts.options.url,
      greeting: { wire: WIRE_VERSION, ...identity, cursors: this.#channels.cursors() },
      listener: this.#listener(transport),
      refused: (error) => void this.#turnedAway(transport, 'refused', error),
      closed: () => this.#closed(transport),
      unanswered: () => transport === this.#transports.present && this.#transports.probe(),
    }
  }

  #closed(transport: Transport): void {
    if (transport === this.#transports.next) {
      this.#connection.dispatch({ kind: 'nextFailed' })
    } else if (transport === this.#transports.present) {
      const wasMoving = this.#connection.state.status === 'moving'
      // Where another is on its way already, that one is not lost.
      if (!wasMoving) this.#lost()
      this.#connection.dispatch({ kind: 'closed' })
    }
  }

  /** Undefined: the application could not give its token now. */
  async #credentials(): Promise<Credentials | undefined> {
    const vault = this.#vault
    const { token, guestName } = this.#parts.options
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
    this.#sender.dispatch({ kind: 'lost' })
    this.#channels.lost()
  }

  #listener(transport: Transport): Listener {
    return {
      ready: (ready) => this.#takeReady(transport, ready),
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
      closed: ({ error }) =>
        void this.#turnedAway(transport, 'told', errorFrom(error) ?? OUTCOME_UNKNOWN),
    }
  }

  #takeReady(transport: Transport, ready: DownPayload<'ready'>): void {
    const { person, session } = ready
    const vault = this.#vault
    const { guestName } = this.#parts.options
    this.#self = person
    this.#expired = undefined
    const kind = transport === this.#transports.next ? 'nextReady' : 'ready'
    this.#connection.dispatch({ ...ready, kind })
    this.#session.takeReady(ready)
    this.#channels.takeReady(ready)
    void vault.keepPerson(person)
    if (session && guestName !== undefined) {
      void vault.keepGuest({ token: session.token, name: guestName })
    }
    const link = this.#live()
    void this.#sender.own(person).then(() => {
      if (link && this.#live() === link) this.#sender.dispatch({ kind: 'online' })
    })
  }

  #takeGone(channelId: Id, reason: DownPayload<'gone'>['reason']): void {
    this.#session.takeGone(channelId)
    this.#channels.takeGone(channelId, goneError(reason))
  }

  /** The server will not have us. Where that is only the guest of last time, or a token that can be had anew, we come again. */
  async #turnedAway(
    transport: Transport,
    kind: 'refused' | 'told',
    error: ErrorBody,
  ): Promise<void> {
    const { shown } = transport
    const isVoid = isGuestVoid(shown, error)
    if (isVoid) await this.#vault.forgetGuest()
    const { token } = this.#parts.options
    const isStale = typeof token === 'function' && isTokenStale(shown, error, this.#expired)
    if (isStale) this.#expired = shown?.token
    const told: ErrorBody = { ...error, retry: isVoid || isStale ? 'now' : error.retry }
    if (transport === this.#transports.next) {
      this.#transports.abandon()
      this.#connection.dispatch({ kind: 'nextFailed', error: told })
    } else if (transport === this.#transports.present) {
      this.#connection.dispatch({ kind, error: told })
    }
  }
}
