/**
 * What tabs and the holder of the one client say to each other.
 *
 * The *host* holds the client: in a SharedWorker, or in the tab that leads. Every tab, the leader's too, has a *remote client* that
 * mirrors what the host's client shows, and makes its calls there. `host` names one life of one host: whoever is spoken to by
 * another name does not listen.
 */
import type { ErrorBody, Id, Lane, QuestionState } from '@madang/protocol'
import type { ChannelPatch, SessionPatch } from './mirror.ts'

/** Raise it when a message changes its shape: tabs and hosts of different numbers do not meet, since it is part of every name. */
export const TABS_VERSION = 2

/** What a tab wants of the client. Said whole each time, so that saying it twice is saying it once. */
export interface Wants {
  /** Whether the client should run for this tab. */
  readonly started: boolean
  readonly open: readonly Id[]
}

export type Call =
  | {
      readonly do: 'send'
      readonly channelId: Id
      readonly key: string
      readonly text: string
      readonly lane?: Lane
    }
  | { readonly do: 'retry' | 'discard'; readonly channelId: Id; readonly key: string }
  | { readonly do: 'edit'; readonly channelId: Id; readonly seq: number; readonly text: string }
  | { readonly do: 'delete'; readonly channelId: Id; readonly seq: number }
  | {
      readonly do: 'question'
      readonly channelId: Id
      readonly seq: number
      readonly state: QuestionState
    }
  | { readonly do: 'older' | 'newer' | 'typing'; readonly channelId: Id }
  | { readonly do: 'look'; readonly channelId: Id; readonly seq: number | undefined }
  | { readonly do: 'read'; readonly channelId: Id; readonly seq: number }
  | { readonly do: 'join' | 'quit'; readonly channelId: Id }
  | { readonly do: 'reconnect' | 'forget' }

/** As an `Outcome`, with whatever the call brings. */
export type CallAnswer =
  | { readonly ok: true; readonly [more: string]: unknown }
  | { readonly ok: false; readonly error: ErrorBody }

/**
 * What becomes of a call whose host has died before it answered. `again`: it is made to the next host, because doing it twice is doing it
 * once: a message has its client id, a cursor only moves on, a text that is written twice is the same text. `unknown`: the caller is
 * told that nobody knows. `drop`: it meant the moment that is over.
 */
export const AFTER_HOST: Readonly<Record<Call['do'], 'again' | 'unknown' | 'drop'>> = {
  send: 'again',
  retry: 'again',
  discard: 'again',
  edit: 'again',
  delete: 'again',
  question: 'unknown',
  older: 'again',
  newer: 'again',
  look: 'drop',
  typing: 'drop',
  read: 'again',
  join: 'unknown',
  quit: 'unknown',
  reconnect: 'drop',
  forget: 'again',
}

export type ToHost =
  /** Says who it is and what it wants; asks for everything. `lock`: the Web Lock that it holds as long as it lives. */
  | {
      readonly kind: 'hello'
      readonly tab: string
      readonly lock?: string
      readonly wants: Wants
    }
  | { readonly kind: 'wants'; readonly tab: string; readonly host: string; readonly wants: Wants }
  | { readonly kind: 'ping'; readonly tab: string; readonly host: string }
  | {
      readonly kind: 'call'
      readonly tab: string
      readonly host: string
      readonly id: number
      readonly call: Call
      /** It was made before, to a host that is gone. */
      readonly again: boolean
    }
  | { readonly kind: 'leave'; readonly tab: string }

export type ToTab =
  /** Said to everybody: this is the host now. */
  | { readonly kind: 'hosting'; readonly host: string }
  /** Whole views: of the session, and of the channels that the tab wants. */
  | {
      readonly kind: 'welcome'
      readonly host: string
      readonly session: SessionPatch
      readonly channels: ReadonlyMap<Id, ChannelPatch>
    }
  | { readonly kind: 'session'; readonly host: string; readonly patch: SessionPatch }
  | {
      readonly kind: 'channel'
      readonly host: string
      readonly channelId: Id
      readonly patch: ChannelPatch
    }
  | {
      readonly kind: 'answer'
      readonly host: string
      readonly id: number
      readonly answer: CallAnswer
    }
  | { readonly kind: 'pong'; readonly host: string }
  /** Whoever this is said to is not known here: it has to say hello. */
  | { readonly kind: 'who'; readonly host: string }
  /** Somebody has signed out, in whichever tab. */
  | { readonly kind: 'forgotten'; readonly host: string }
  /** The host goes, and says so. */
  | { readonly kind: 'bye'; readonly host: string }
