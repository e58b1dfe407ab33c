/** The contract of a dialect: other words for what the gateway says and is asked. It translates, and decides nothing. */
import type { DownName, DownPayload, ErrorBody, LogEvent, Replay, UpName } from '@madang/protocol'
import type { Core } from '../../core/core.ts'
import type { Feeds } from '../../feed/feeds.ts'
import type { LocalChannels } from '../local-channels.ts'
import type { Manner } from '../manner.ts'
import type { Sessions } from '../sessions.ts'
import type { Reply } from '../wire.ts'
import type { Voice } from './voice.ts'

/** An event in the dialect's words. Whatever goes last and is a text is an offset: stock clients take it for one. */
export interface Said {
  readonly event: string
  readonly args: readonly unknown[]
  /** Connections that are not told. */
  readonly except?: readonly string[]
}

export interface Dialect {
  readonly name: Manner['speech']
  /** Whether the dialect has words for what the gateway tells this room. */
  hears(room: string): boolean
  /** What a room is told: said once for all who are in it. */
  toRoom<N extends DownName>(event: N, payload: DownPayload<N>): Said | undefined
  /** What one connection is told. */
  toOne<N extends DownName>(voice: Voice, event: N, payload: DownPayload<N>): readonly Said[]
  /** A request. Must not throw, and answers once, at the price that our own requests have. */
  asked(voice: Voice, event: string, args: readonly unknown[], reply: Reply): void
}

/** What dialects work with. */
export interface DialectDesk {
  readonly core: Core
  readonly channels: LocalChannels
  readonly feeds: Feeds
  readonly sessions: Sessions
  readonly now: () => number
  readonly newClientId: () => string
  /** A request in our own words; the answer is ours as well. */
  ask(voice: Voice, event: string, args: readonly unknown[], reply: Reply): void
  /** The same, of which something has to be looked up first. */
  look(voice: Voice, event: UpName, look: () => Promise<unknown>, reply: Reply): void
  malformed(voice: Voice, error: ErrorBody, reply: Reply): void
  /** Before a place is made. Throws `Refusal` where the person, or their address, has made too many. */
  payForPlace(voice: Voice): void
}

/** Events of several channels in about the order in which they were made, each channel's in its own: where a replay breaks off, no offset is ahead of what came before it. */
export function merged(replays: readonly Replay[]): LogEvent[] {
  const rest = replays.map(({ events }) => ({ events, at: 0 }))
  const order: LogEvent[] = []
  for (;;) {
    let next: { readonly event: LogEvent; readonly from: { at: number } } | undefined
    for (const from of rest) {
      const event = from.events[from.at]
      if (event !== undefined && (next === undefined || event.createdAt < next.event.createdAt)) {
        next = { event, from }
      }
    }
    if (next === undefined) return order
    order.push(next.event)
    next.from.at++
  }
}

/** Replays that can be told event by event, those that left something out, and which channels could not be opened. */
export function sorted(replays: readonly Replay[]): {
  readonly exact: readonly Replay[]
  readonly limited: readonly Replay[]
  readonly opened: readonly Replay[]
} {
  const opened = replays.filter(({ error }) => error === undefined)
  const exact = opened.filter(({ limited }) => !limited)
  return { exact, limited: opened.filter(({ limited }) => limited), opened }
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> & object {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** What our own answer says. */
export interface Answer extends Readonly<Record<string, unknown>> {
  readonly ok: boolean
  readonly error?: ErrorBody
}

/** Passes our own answer on in other words; a refusal as it is, unless told otherwise. */
export function answering(reply: Reply, say: (answer: Answer) => object): Reply {
  return (answer) => reply(say(answer as Answer))
}
