/**
 * A participant made of nothing but stock socket.io-client, with its own settings for coming back, as an application would write it in an
 * afternoon: it shows what arrives in the order of arrival, says its cursors when it connects, and sends again what was not answered.
 */
import type { LogEvent, MyChannel, Replay } from '@madang/protocol'
import { io, type Socket } from 'socket.io-client'
import { type AnyAnswer, Journal } from './journal.ts'
import type { Participant, ParticipantParts } from './participant.ts'
import { Screen } from './screen.ts'

interface Ready {
  readonly node: string
  readonly channels: readonly MyChannel[]
  readonly replays: readonly Replay[]
}

interface Send {
  readonly channel: string
  readonly clientId: string
  readonly text: string
}

const RETRY_MS = 100
const ANSWER_MS_MAX = 10_000

export class StockParticipant implements Participant {
  readonly kind = 'stock'
  readonly who: string
  readonly person: string
  readonly #socket: Socket
  readonly #journal: Journal
  readonly #note: ParticipantParts['note']
  readonly #token: string
  readonly #screens = new Map<string, Screen>()
  readonly #queue: Send[] = []
  #count = 0
  #conn = 0
  #isReady = false
  /** Tells an answer of this connection's turn from a late one. */
  #turn = 0
  #retry: NodeJS.Timeout | undefined

  constructor({ who, url, person, token, channels, note }: ParticipantParts) {
    this.who = who
    this.person = person
    this.#token = token
    this.#note = note
    this.#journal = new Journal(who, person, channels, note)
    for (const id of channels) this.#screens.set(id, new Screen(id, person, this.#journal))
    this.#socket = io(url, {
      autoConnect: false,
      forceNew: true,
      transports: ['websocket'],
      auth: (answer) => answer(this.#handshake()),
    })
    this.#listen()
  }

  async start(): Promise<void> {
    const ready = new Promise((resolve) => this.#socket.once('ready', resolve))
    this.#socket.connect()
    await ready
  }

  send(channel: string, text: string): void {
    if (!this.isMember(channel)) return
    this.#count += 1
    const clientId = `${this.who}-${this.#count}`
    this.#journal.invoke({ op: clientId, deed: 'send', channel, clientId, text })
    this.#queue.push({ channel, clientId, text })
    if (this.#queue.length === 1) this.#emitNext()
  }

  edit(channel: string, text: string, choose: (count: number) => number): void {
    const target = this.#screens.get(channel)?.ownSeq(choose)
    if (target !== undefined) this.#ask('edit', channel, { target, text })
  }

  delete(channel: string, choose: (count: number) => number): void {
    const target = this.#screens.get(channel)?.ownSeq(choose)
    if (target !== undefined) this.#ask('delete', channel, { target })
  }

  read(channel: string): void {
    const cursor = this.#screens.get(channel)?.cursor ?? 0
    if (cursor > 0 && this.isMember(channel)) this.#ask('read', channel, { cursor })
  }

  typing(channel: string): void {
    if (this.#isReady && this.isMember(channel))
      this.#socket.emit('typing', { channelId: channel, typing: true }, () => {})
  }

  join(channel: string): void {
    this.#ask('join', channel, {}, (answer) => {
      if (answer.ok) this.#joined(answer.channel as MyChannel, answer.replay as Replay)
    })
  }

  leave(channel: string): void {
    this.#ask('leave', channel, {}, (answer) => {
      if (answer.ok) this.#screens.get(channel)?.gone()
    })
  }

  isMember(channel: string): boolean {
    return this.#screens.get(channel)?.isMember === true
  }

  reconnect(): void {
    if (!this.#socket.active) this.#socket.connect()
  }

  isOnline(): boolean {
    return this.#isReady
  }

  waiting(): number {
    return this.#queue.length + this.#journal.unanswered()
  }

  reached(channel: string): number {
    return this.#journal.reached(channel)
  }

  async finish(): Promise<void> {
    for (const [channel, screen] of this.#screens) {
      this.#note({
        kind: 'final',
        who: this.who,
        person: this.person,
        channel,
        from: screen.from,
        isMember: screen.isMember,
        waiting: this.#queue.flatMap((send) => (send.channel === channel ? [send.clientId] : [])),
        messages: screen.messages(),
      })
    }
  }

  async stop(): Promise<void> {
    clearTimeout(this.#retry)
    this.#socket.disconnect()
  }

  #listen(): void {
    const socket = this.#socket
    socket.io.on('reconnect_attempt', () => {
      this.#isReady = false
    })
    socket.on('connect', () => {
      this.#conn = this.#journal.connects()
    })
    socket.on('disconnect', (reason) => {
      this.#isReady = false
      this.#journal.down(this.#conn, reason)
    })
    socket.on('ready', (ready: Ready) => this.#ready(ready))
    socket.on('event', (event: LogEvent) => {
      this.#journal.event(this.#conn, event, 'live')
      this.#screens.get(event.channelId)?.show(event)
    })
    const hint = this.#journal.hint.bind(this.#journal)
    socket.on('typing', ({ channelId }) => hint(this.#conn, 'typing', channelId))
    socket.on('digest', ({ channelId, head }) => hint(this.#conn, 'digest', channelId, { head }))
    socket.on('read', ({ channelId, cursor, unread }) =>
      hint(this.#conn, 'read', channelId, { cursor, unread }),
    )
    socket.on('resume', ({ channelIds }: { channelIds: string[] }) => this.#resume(channelIds))
    socket.on('gone', ({ channelId }) => {
      hint(this.#conn, 'gone', channelId)
      this.#screens.get(channelId)?.gone()
    })
  }

  #handshake(): object {
    const open = [...this.#screens.values()].filter((screen) => screen.isMember || !this.#conn)
    const cursors = Object.fromEntries(open.map(({ channel, place }) => [channel, place]))
    return { token: this.#token, cursors }
  }

  #ready({ node, channels, replays }: Ready): void {
    const conn = this.#conn
    this.#journal.up(conn, node)
    for (const channel of channels) this.#journal.channel(conn, channel)
    for (const [id, screen] of this.#screens) {
      if (!channels.some((channel) => channel.id === id && channel.role !== null)) screen.gone()
    }
    for (const replay of replays) this.#replay(replay)
    this.#isReady = true
    this.#takeIn(channels)
    this.#emitNext()
  }

  /** It joined, and the answer was lost with the connection. */
  #takeIn(channels: readonly MyChannel[]): void {
    const own = channels.filter(({ id, role }) => role !== null && this.#screens.has(id))
    const news = own.map(({ id }) => id).filter((id) => !this.isMember(id))
    if (news.length === 0) return
    for (const id of news) this.#screens.get(id)?.joined()
    this.#sync(news)
  }

  #replay(replay: Replay): void {
    this.#journal.replay(this.#conn, replay)
    this.#screens.get(replay.channelId)?.replay(replay)
    if (replay.error !== undefined && replay.error.retry !== 'never')
      this.#syncLater([replay.channelId])
  }

  #joined(channel: MyChannel, replay: Replay): void {
    this.#screens.get(channel.id)?.joined()
    this.#replay(replay)
  }

  /** The server could not keep up with us: it goes on where it is told to. */
  #resume(channelIds: readonly string[]): void {
    for (const id of channelIds) this.#journal.hint(this.#conn, 'resume', id)
    this.#sync(channelIds)
  }

  #sync(channelIds: readonly string[]): void {
    const open = Object.fromEntries(
      channelIds.map((id) => [id, this.#screens.get(id)?.place ?? null]),
    )
    this.#socket.emit('sync', { open }, (answer: { ok: boolean; replays?: Replay[] }) => {
      for (const replay of answer.replays ?? []) this.#replay(replay)
      if (!answer.ok) this.#syncLater(channelIds)
    })
  }

  /** The server could not hand them over for now. A new connection asks for them by itself. */
  #syncLater(channelIds: readonly string[]): void {
    const conn = this.#conn
    setTimeout(() => {
      const wanted = channelIds.filter((id) => this.isMember(id))
      if (this.#isReady && conn === this.#conn && wanted.length > 0) this.#sync(wanted)
    }, RETRY_MS)
  }

  /** One at a time, so that a refusal or a broken connection cannot change the order. */
  #emitNext(): void {
    clearTimeout(this.#retry)
    const [send] = this.#queue
    if (send === undefined || !this.#isReady) return
    this.#turn += 1
    const turn = this.#turn
    this.#journal.tries(send.clientId, this.#conn)
    const { channel, ...what } = send
    this.#socket
      .timeout(ANSWER_MS_MAX)
      .emit('send', { channelId: channel, ...what }, (lost: Error | null, answer?: AnyAnswer) => {
        if (turn === this.#turn) this.#answered(send, lost ? undefined : answer)
      })
  }

  #answered({ clientId }: Send, answer: AnyAnswer | undefined): void {
    if (answer === undefined || (!answer.ok && answer.error.retry !== 'never')) {
      if (answer?.ok === false) this.#journal.tries(clientId, this.#conn, answer.error.code)
      this.#retry = setTimeout(() => this.#emitNext(), RETRY_MS)
      return
    }
    this.#queue.shift()
    this.#journal.ends(clientId, answer)
    this.#emitNext()
  }

  #ask(
    deed: 'edit' | 'delete' | 'read' | 'join' | 'leave',
    channel: string,
    asked: { readonly target?: number; readonly text?: string; readonly cursor?: number },
    answered: (answer: AnyAnswer) => void = () => {},
  ): void {
    if (!this.#isReady) return
    const op = this.#journal.invoke({ deed, channel, ...asked })
    const conn = this.#conn
    const ask = (): void => {
      this.#socket
        .timeout(ANSWER_MS_MAX)
        .emit(deed, { channelId: channel, ...asked }, (lost: Error | null, answer?: AnyAnswer) => {
          // Where it belongs it must know, and on a new connection it is told; where it was done, asking again brings what it brought.
          const matters = deed === 'join' || deed === 'leave'
          if (lost && matters && this.#isReady && conn === this.#conn) return ask()
          this.#journal.ends(op, lost ? undefined : answer)
          if (!lost && answer !== undefined) answered(answer)
        })
    }
    ask()
  }
}
