/**
 * A namespace for each community: `/socket/commu-<id>` with `join {channels}` and `chat {chatType, channelId, ...}`, answered `{written, chatInfo}`; `new-chat`,
 * `modify-chat` and `delete-chat` go to the others in the channel. `/socket` itself hears of all of the person's communities at once.
 */
import {
  type DownName,
  type DownPayload,
  errorBody,
  type Id,
  type LogEvent,
  type Replay,
} from '@madang/protocol'
import { isDigestRoom, openChannelOf } from '../local-channels.ts'
import type { Reply } from '../wire.ts'
import {
  type Answer,
  answering,
  type Dialect,
  type DialectDesk,
  isObject,
  merged,
  type Said,
  sorted,
} from './dialect.ts'
import { writeOffset } from './offset.ts'
import type { OwnWrite, Voice } from './voice.ts'

/** Writes of one connection whose delivery here is awaited; past it the oldest is told to its author as to everybody. */
const OWN_WRITES_MAX = 64

export class Communities implements Dialect {
  readonly name = 'communities'
  readonly #desk: DialectDesk

  constructor(desk: DialectDesk) {
    this.#desk = desk
  }

  hears(room: string): boolean {
    return openChannelOf(room) !== undefined || isDigestRoom(room)
  }

  toRoom<N extends DownName>(event: N, payload: DownPayload<N>): Said | undefined {
    if (event === 'digest') return { event: 'unread', args: [payload] }
    if (event !== 'event') return undefined
    const happened = payload as LogEvent
    const said = this.#happened(happened)
    return said && { ...said, except: this.#writersOf(happened) }
  }

  toOne<N extends DownName>(voice: Voice, event: N, payload: DownPayload<N>): readonly Said[] {
    switch (event) {
      case 'ready':
        return this.#entered(voice, payload as DownPayload<'ready'>)
      case 'channel':
      case 'community':
      case 'goaway':
        return [{ event, args: [payload] }]
      case 'gone':
        return [{ event: 'left', args: [payload] }]
      case 'read':
        return [{ event: 'unread', args: [payload] }]
      case 'event':
        return [this.#happened(payload as LogEvent)].flatMap((said) => said ?? [])
      case 'digest':
        return [{ event: 'unread', args: [payload] }]
      default:
        return []
    }
  }

  asked(voice: Voice, event: string, args: readonly unknown[], reply: Reply): void {
    const [what] = args
    if (args.length > 1 || !isObject(what)) {
      this.#desk.malformed(voice, errorBody('invalid'), reply)
      return
    }
    switch (event) {
      case 'join':
        this.#join(voice, what, reply)
        break
      case 'leave':
        this.#desk.ask(voice, 'sync', [{ close: what.channels }], answering(reply, only))
        break
      case 'chat':
        this.#chat(voice, what, reply)
        break
      case 'history':
        this.#history(voice, what, reply)
        break
      case 'read': {
        const read = { channelId: here(voice, what.channelId), cursor: what.id }
        this.#desk.ask(voice, 'read', [read], reply)
        break
      }
      default:
        this.#desk.ask(voice, `communities:${event}`, [], reply)
    }
  }

  #happened(event: LogEvent): Said | undefined {
    const said = wordsFor(event)
    if (said === undefined) return undefined
    const key = this.#desk.channels.get(event.channelId)?.key
    const offset = key && writeOffset(event.createdAt, { key, seq: event.seq })
    return { ...said, args: [...said.args, ...(offset ? [offset] : [])] }
  }

  #entered(voice: Voice, { person, communities, channels, replays }: DownPayload<'ready'>): Said[] {
    const { exact, limited, opened } = sorted(replays)
    const missed = merged(exact).flatMap((event) => this.#happened(event) ?? [])
    const gaps = limited.map((replay) => ({ event: 'limited', args: [pageOf(replay)] }))
    const joined = opened.map(({ channelId }) => channelId)
    const about = { person, communities, channels, joined }
    return [...gaps, ...missed, { event: 'entered', args: [about, voice.wholeOffset(opened)] }]
  }

  /** Opens channels on this connection; what came before is in the answer, what comes after follows it, with nothing between the two. */
  #join(voice: Voice, { channels }: Readonly<Record<string, unknown>>, reply: Reply): void {
    if (!Array.isArray(channels)) {
      const error = errorBody('invalid', { field: 'channels' })
      this.#desk.malformed(voice, error, reply)
      return
    }
    const open = Object.fromEntries(channels.map((id: unknown) => [String(id), null]))
    const answer = answering(reply, ({ ok, error, replays }) => {
      if (!ok) return { ok, error }
      const { opened } = sorted(replays as Replay[])
      const failed = (replays as Replay[]).filter((replay) => replay.error !== undefined)
      const joined = opened.map(({ channelId }) => channelId)
      voice.tell({ event: 'joined', args: [{ channels: joined }, voice.wholeOffset(opened)] })
      return {
        ok: failed.length === 0,
        channels: opened.map(pageOf),
        refused: failed.map(({ channelId, error }) => ({ channelId, error })),
      }
    })
    this.#desk.ask(voice, 'sync', [{ open }], answer)
  }

  #chat(voice: Voice, what: Readonly<Record<string, unknown>>, reply: Reply): void {
    const { chatType, content: text, id: target, clientId = this.#desk.newClientId() } = what
    const channelId = here(voice, what.channelId)
    switch (chatType) {
      case 'new':
        this.#write(voice, 'created', { channelId, clientId, text }, reply)
        break
      case 'modify':
        this.#write(voice, 'edited', { channelId, target, text }, reply)
        break
      case 'delete':
        this.#write(voice, 'deleted', { channelId, target }, reply)
        break
      default: {
        const error = errorBody('invalid', { field: 'chatType' })
        this.#desk.malformed(voice, error, answering(reply, unwritten))
      }
    }
  }

  #write(
    voice: Voice,
    kind: OwnWrite['kind'],
    request: Readonly<Record<string, unknown>>,
    reply: Reply,
  ): void {
    const { clientId, target, text } = request
    const own = { ...request, kind } as OwnWrite
    voice.writes.push(own)
    if (voice.writes.length > OWN_WRITES_MAX) voice.writes.shift()
    const answer = answering(reply, (answered) => {
      const seq = Number(answered.seq)
      this.#settle(voice, own, answered.ok ? seq : undefined)
      if (!answered.ok) return unwritten(answered)
      const { id: senderId, name: senderName } = voice.state.person
      const chatInfo = {
        ...{ id: target ?? seq, channelId: own.channelId, senderId, senderName },
        ...(kind !== 'deleted' && { content: text }),
        ...(kind === 'created' && { messageId: answered.id, clientId }),
        ...(kind === 'created' && { createdAt: answered.createdAt }),
      }
      return { written: true, chatInfo }
    })
    this.#desk.ask(voice, REQUESTS[kind], [request], answer)
  }

  /** Its event may still be on its way, behind others of the channel; where it was delivered before, or never will be, nothing is awaited. */
  #settle(voice: Voice, own: OwnWrite, seq: number | undefined): void {
    const head = this.#desk.feeds.head(own.channelId) ?? 0
    if (seq !== undefined && seq > head) own.seq = seq
    else forget(voice, own)
  }

  /** Those of the author's connections that wrote this: their answer tells them. */
  #writersOf(event: LogEvent): string[] {
    const writers: string[] = []
    for (const { connection } of this.#desk.sessions.of(event.author.id)) {
      const own = 'writes' in connection && ownOf(connection as Voice, event)
      if (!own) continue
      forget(connection as Voice, own)
      writers.push(connection.id)
    }
    return writers
  }

  #history(voice: Voice, what: Readonly<Record<string, unknown>>, reply: Reply): void {
    const answer = answering(reply, (answered) => {
      const { ok, events, more, head } = answered
      return ok ? { ok, chats: chatsIn(events as LogEvent[]), more, head } : answered
    })
    this.#desk.ask(voice, 'history', [{ ...what, channelId: here(voice, what.channelId) }], answer)
  }
}

const REQUESTS = { created: 'send', edited: 'edit', deleted: 'delete' } as const

/** A channel that nobody is in: what is asked of it is refused as everywhere. */
const NOWHERE: Id = '00000000-0000-0000-0000-000000000000'

/** A namespace is good for the channels of its community alone, whatever else the person belongs to. */
function here(voice: Voice, channelId: unknown): unknown {
  return typeof channelId === 'string' && !voice.state.seats.has(channelId) ? NOWHERE : channelId
}

function ownOf(voice: Voice, event: LogEvent): OwnWrite | undefined {
  return voice.writes.find((own) => {
    if (own.channelId !== event.channelId || own.kind !== event.kind) return false
    if (own.seq !== undefined) return own.seq === event.seq
    return event.kind === 'created' ? own.clientId === event.clientId : isTarget(event, own)
  })
}

function isTarget(event: LogEvent, { target }: OwnWrite): boolean {
  return 'target' in event && event.target === target
}

function forget(voice: Voice, own: OwnWrite): void {
  const at = voice.writes.indexOf(own)
  if (at !== -1) voice.writes.splice(at, 1)
}

function only({ ok, error }: Answer): object {
  return ok ? { ok } : { ok, error }
}

/** What is answered where nothing was written, and why. */
function unwritten({ error }: Answer): object {
  return { written: false, chatInfo: null, error }
}

function pageOf({ channelId, events, head }: Replay): object {
  return { channelId, head, chats: chatsIn(events) }
}

function chatsIn(events: readonly LogEvent[]): object[] {
  return events.flatMap((event) => {
    const [chat] = event.kind === 'created' ? (wordsFor(event)?.args ?? []) : []
    return isObject(chat) ? [chat] : []
  })
}

/** `id` is the message's number in its channel, by which it is modified and deleted; `messageId` is its name everywhere. */
function wordsFor(event: LogEvent): Said | undefined {
  const { channelId, createdAt, author } = event
  switch (event.kind) {
    case 'created': {
      const { id: messageId, seq: id, text: content, clientId, editedAt } = event
      if (content === null) return undefined
      const sender = { senderId: author.id, senderName: author.name }
      const chat = { id, messageId, clientId, channelId, content, ...sender, createdAt }
      return {
        event: 'new-chat',
        args: [editedAt === undefined ? chat : { ...chat, updatedAt: editedAt }],
      }
    }
    case 'edited': {
      const { target: id, text: content } = event
      if (content === null) return undefined
      const chat = { id, channelId, content, senderId: author.id, updatedAt: createdAt }
      return { event: 'modify-chat', args: [chat] }
    }
    case 'deleted':
      return { event: 'delete-chat', args: [{ id: event.target, channelId }] }
    default:
      return undefined
  }
}
