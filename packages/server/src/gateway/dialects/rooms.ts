/**
 * Rooms by name, as the first chat of many a tutorial has them: `joinRoom(room)`, `sendMessage(room, {content, type})`, and `message` to everybody in it. A room is a
 * public text channel of the welcome community, under its name; so it is stored, ordered and seen by everybody else.
 */
import {
  check,
  type DownName,
  type DownPayload,
  errorBody,
  type Id,
  type LogEvent,
  Name,
  type Replay,
} from '@madang/protocol'
import { GENERAL } from '../../core/communities/general.ts'
import { WELCOME_COMMUNITY_ID } from '../../core/communities/welcome.ts'
import { openChannelOf } from '../local-channels.ts'
import type { Reply } from '../wire.ts'
import {
  answering,
  type Dialect,
  type DialectDesk,
  isObject,
  merged,
  type Said,
  sorted,
} from './dialect.ts'
import { writeOffset } from './offset.ts'
import type { Voice } from './voice.ts'

/** Where a message goes that names no room. */
const DEFAULT_ROOM = GENERAL

interface Written {
  /** Undefined: the default room. */
  readonly room: string | undefined
  readonly text: string
  readonly clientId: string | undefined
}

export class Rooms implements Dialect {
  readonly name = 'rooms'
  readonly #desk: DialectDesk

  constructor(desk: DialectDesk) {
    this.#desk = desk
  }

  hears(room: string): boolean {
    return openChannelOf(room) !== undefined
  }

  toRoom<N extends DownName>(event: N, payload: DownPayload<N>): Said | undefined {
    if (event !== 'event') return undefined
    const happened = payload as LogEvent
    const channel = this.#desk.channels.get(happened.channelId)
    if (channel === undefined) return undefined
    const said = wordsFor(happened, channel.name)
    const offset = writeOffset(happened.createdAt, { key: channel.key, seq: happened.seq })
    return said && { ...said, args: [...said.args, offset] }
  }

  toOne<N extends DownName>(voice: Voice, event: N, payload: DownPayload<N>): readonly Said[] {
    switch (event) {
      case 'ready':
        return this.#welcome(voice, payload as DownPayload<'ready'>)
      case 'channel': {
        const { id, name, head } = (payload as DownPayload<'channel'>).channel
        return [joined(name, head, voice.offsetAt(id, head, this.#desk.now()))]
      }
      case 'gone': {
        const { channelId, reason } = payload as DownPayload<'gone'>
        return [{ event: 'left', args: [{ roomId: voice.nameOf(channelId), reason }] }]
      }
      case 'goaway':
        return [{ event, args: [payload] }]
      default: {
        const said = this.toRoom(event, payload)
        return said === undefined ? [] : [said]
      }
    }
  }

  asked(voice: Voice, event: string, args: readonly unknown[], reply: Reply): void {
    switch (event) {
      case 'joinRoom':
        this.#join(voice, args, reply)
        break
      case 'leaveRoom':
        voice.inOrder(() => this.#leave(voice, args, reply))
        break
      case 'sendMessage':
        voice.inOrder(() => this.#send(voice, args, reply))
        break
      case 'history':
        voice.inOrder(() => this.#history(voice, args, reply))
        break
      default:
        this.#desk.ask(voice, `rooms:${event}`, [], reply)
    }
  }

  #welcome(voice: Voice, { person, session, channels, replays }: DownPayload<'ready'>): Said[] {
    const { exact, limited, opened } = sorted(replays)
    const missed = merged(exact).flatMap((event) => this.toRoom('event', event) ?? [])
    const names = new Map(channels.map(({ id, name }) => [id, name]))
    const nameOf = (id: Id) => names.get(id) ?? voice.nameOf(id)
    const gaps = limited.map((replay) => ({ event: 'limited', args: [pageOf(replay, nameOf)] }))
    const rooms = opened.map(({ channelId, head }) => ({ roomId: nameOf(channelId), head }))
    const { id: userId, name: userName } = person
    const about = { userId, userName, ...(session && { token: session.token }), rooms }
    return [...gaps, ...missed, { event: 'welcome', args: [about, voice.wholeOffset(opened)] }]
  }

  #join(voice: Voice, args: readonly unknown[], reply: Reply): void {
    const room = roomNamed(isObject(args[0]) ? args[0].roomId : args[0])
    if (room === undefined || args.length > 1) {
      this.#wrong(voice, 'room', reply)
      return
    }
    const { promise, resolve } = Promise.withResolvers<void>()
    const answer = answering(reply, ({ ok, error, replay }) => {
      resolve()
      if (!ok) return { ok, error }
      return this.#entered(voice, room, replay as Replay)
    })
    voice.inOrder(() => {
      const look = async () => ({ channelId: await this.#channelOf(voice, room) })
      this.#desk.look(voice, 'join', look, answer)
    })
    voice.entering(promise)
  }

  /** In the very turn before the room's next message. */
  #entered(voice: Voice, room: string, replay: Replay): object {
    const { channelId, head, error } = replay
    if (error !== undefined) return { ok: false, error }
    const name = voice.nameOf(channelId) || room
    voice.tell(joined(name, head, [voice.wholeOffset([{ channelId, head }])]))
    return { ok: true, ...pageOf(replay, () => name) }
  }

  #leave(voice: Voice, args: readonly unknown[], reply: Reply): void {
    const room = roomNamed(args[0])
    const channelId = room === undefined ? undefined : seatNamed(voice, room)
    if (room === undefined) {
      this.#wrong(voice, 'room', reply)
      return
    }
    this.#desk.ask(voice, 'leave', [{ channelId: channelId ?? NOWHERE }], reply)
  }

  #send(voice: Voice, args: readonly unknown[], reply: Reply): void {
    const written = writtenIn(args)
    if (typeof written === 'string') {
      this.#wrong(voice, written, reply)
      return
    }
    const { room = DEFAULT_ROOM, text, clientId = this.#desk.newClientId() } = written
    const channelId = seatNamed(voice, room)
    const what = { channelId: channelId ?? NOWHERE, clientId, text }
    const answer = answering(reply, (sent) => (sent.ok ? { ...sent, roomId: room } : sent))
    this.#desk.ask(voice, 'send', [what], answer)
  }

  #history(voice: Voice, args: readonly unknown[], reply: Reply): void {
    const [asked, page = {}] = args
    const room = roomNamed(asked)
    if (room === undefined) {
      this.#wrong(voice, 'room', reply)
      return
    }
    if (!isObject(page)) {
      this.#wrong(voice, 'page', reply)
      return
    }
    const what = { ...page, channelId: seatNamed(voice, room) ?? NOWHERE }
    const answer = answering(reply, (answered) => {
      const { ok, events, more, head } = answered
      if (!ok) return answered
      return { ok, roomId: room, messages: messagesIn(events as LogEvent[], room), more, head }
    })
    this.#desk.ask(voice, 'history', [what], answer)
  }

  #channelOf(voice: Voice, name: string): Promise<Id> {
    const what = { communityId: WELCOME_COMMUNITY_ID, name }
    const pay = () => this.#desk.payForPlace(voice)
    return this.#desk.core.channels.room(voice.state.person, what, pay)
  }

  #wrong(voice: Voice, field: string, reply: Reply): void {
    this.#desk.malformed(voice, errorBody('invalid', { field }), reply)
  }
}

/** A channel that nobody is in: what is asked of it is refused as everywhere. */
const NOWHERE: Id = '00000000-0000-0000-0000-000000000000'

/** What a room is known by: a name as people see it, or a whole number. Undefined for anything else. */
export function roomNamed(value: unknown): string | undefined {
  const text = typeof value === 'number' && Number.isSafeInteger(value) ? String(value) : value
  if (typeof text !== 'string') return undefined
  const name = check(Name, text.trim().normalize('NFC'))
  return name.success ? name.data : undefined
}

function seatNamed(voice: Voice, room: string): Id | undefined {
  for (const [id, { channel }] of voice.state.seats) if (channel.name === room) return id
  return undefined
}

/** `("text")`, `({roomId, content, type})`, `(room, {content, type})` or `(room, "text")`; the name of the field that is wrong where it is none of them. */
function writtenIn(args: readonly unknown[]): Written | string {
  const [first, second] = args
  if (args.length > 2) return 'message'
  const named = args.length === 2
  const what = named ? second : first
  const body = typeof what === 'string' ? { content: what } : what
  if (!isObject(body)) return 'message'
  const { roomId, content, type = 'text', clientId } = body
  if (typeof content !== 'string') return 'content'
  if (type !== 'text') return 'type'
  if (clientId !== undefined && typeof clientId !== 'string') return 'clientId'
  const place = named ? first : roomId
  const room = place === undefined ? undefined : roomNamed(place)
  if (place !== undefined && room === undefined) return 'room'
  return { room, text: content, clientId }
}

function joined(roomId: string, head: number, offset: readonly string[]): Said {
  return { event: 'joined', args: [{ roomId, head }, ...offset] }
}

function pageOf({ channelId, events, head }: Replay, nameOf: (id: Id) => string): object {
  const roomId = nameOf(channelId)
  return { roomId, head, messages: messagesIn(events, roomId) }
}

function messagesIn(events: readonly LogEvent[], roomId: string): object[] {
  return events.flatMap((event) => {
    const [message] = event.kind === 'created' ? (wordsFor(event, roomId)?.args ?? []) : []
    return isObject(message) ? [message] : []
  })
}

/** Undefined for what this dialect has no words for: who comes and goes. */
function wordsFor(event: LogEvent, roomId: string): Said | undefined {
  const { createdAt, seq } = event
  switch (event.kind) {
    case 'created': {
      const { id, author, text: content, editedAt } = event
      if (content === null) return undefined
      const { id: userId, name: userName } = author
      const edited = editedAt !== undefined && { editedAt }
      const what = { id, roomId, seq, content, type: 'text', userId, userName, createdAt }
      return { event: 'message', args: [{ ...what, ...edited }] }
    }
    case 'edited': {
      const { target, text: content } = event
      if (content === null) return undefined
      const what = { roomId, seq: target, content, editedAt: createdAt }
      return { event: 'messageEdited', args: [what] }
    }
    case 'deleted':
      return { event: 'messageDeleted', args: [{ roomId, seq: event.target }] }
    default:
      return undefined
  }
}
