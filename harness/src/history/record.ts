/**
 * What is written down while a scenario runs, one JSON object a line, and all that the checker may look at.
 *
 * `t` is in ms since the run began, on the clock that all processes of one machine share. `who` is a device (`ours-01`), `person` its
 * person's id, `conn` the device's connections counted from 1. Records of one file are in the order in which they were made.
 */
import type { EventKind } from '@madang/protocol'

/** What a device, or the keeper of the channels, asks for. */
export type Deed = 'send' | 'edit' | 'delete' | 'read' | 'join' | 'leave' | 'kick'

/** The first line: what was run, and how to run it again. */
export interface RunRecord {
  readonly t: number
  readonly kind: 'run'
  readonly scenario: string
  readonly seed: number
  readonly command: string
}

/** An operation begins. `op` names it until its end; a send's is its client id, because it is tried until it is answered. */
export interface InvokeRecord {
  readonly t: number
  readonly kind: 'invoke'
  readonly op: string
  readonly deed: Deed
  readonly who: string
  readonly person: string
  readonly channel: string
  readonly clientId?: string
  readonly text?: string
  readonly target?: number
  readonly cursor?: number
  /** Who is removed. */
  readonly subject?: string
}

/**
 * An operation ends: `ok` was answered, `fail` was refused for good and changed nothing, `info` has an outcome that nobody was told.
 * One that never ends counts as `info`.
 */
export interface EndRecord {
  readonly t: number
  readonly kind: 'ok' | 'fail' | 'info'
  readonly op: string
  readonly who: string
  readonly seq?: number
  readonly id?: string
  readonly duplicate?: boolean
  readonly code?: string
  readonly cursor?: number
  readonly unread?: number
}

/** One try of a send that went out on a connection, or was answered with "not now". */
export interface TryRecord {
  readonly t: number
  readonly kind: 'try'
  readonly op: string
  readonly who: string
  readonly conn: number
  /** Set: it was refused, and will be tried again. */
  readonly code?: string
}

/** What is known of one event of a log, wherever it is met. */
export interface EventFacts {
  readonly channel: string
  readonly seq: number
  readonly id: string
  readonly event: EventKind
  readonly author: string
  readonly clientId?: string
  readonly text?: string | null
  readonly target?: number
  readonly subject?: string
}

/** An event that arrived at a device, before the client looked at it. */
export interface WireRecord extends EventFacts {
  readonly t: number
  readonly kind: 'wire'
  readonly who: string
  readonly person: string
  readonly conn: number
  readonly via: 'live' | 'replay' | 'page'
}

/** Anything else about a channel that arrived at a device. */
export interface HintRecord {
  readonly t: number
  readonly kind: 'hint'
  readonly who: string
  readonly person: string
  readonly conn: number
  readonly what: 'typing' | 'digest' | 'read' | 'gone' | 'channel' | 'resume' | 'limited'
  readonly channel: string
  readonly head?: number
  readonly cursor?: number
  readonly unread?: number
}

/** A message that a device shows its application for the first time. `page`: it was asked for, out of the past. */
export interface ShownRecord {
  readonly t: number
  readonly kind: 'shown'
  readonly who: string
  readonly person: string
  readonly channel: string
  readonly seq: number
  readonly author: string
  readonly clientId: string
  readonly how: 'live' | 'own' | 'page'
}

/** A connection that is served, or is no more. */
export interface LinkRecord {
  readonly t: number
  readonly kind: 'link'
  readonly who: string
  readonly conn: number
  readonly state: 'up' | 'down'
  readonly node?: string
  readonly why?: string
}

/** What a device shows of a channel when everything has come to rest. */
export interface FinalRecord {
  readonly t: number
  readonly kind: 'final'
  readonly who: string
  readonly person: string
  readonly channel: string
  /** It shows everything from this seq on. */
  readonly from: number
  readonly isMember: boolean
  /** What a device of an application that counts nothing cannot say. */
  readonly unread?: number
  /** Sends into this channel whose outcome it never learned. */
  readonly waiting: readonly string[]
  readonly messages: readonly {
    readonly seq: number
    readonly text: string | null
    readonly author: string
    readonly clientId: string
  }[]
}

/** An event as the store holds it at the end. */
export interface TruthRecord extends EventFacts {
  readonly t: number
  readonly kind: 'truth'
}

/** A person's place as the store holds it at the end. */
export interface PlaceRecord {
  readonly t: number
  readonly kind: 'place'
  readonly person: string
  readonly channel: string
  readonly isMember: boolean
  readonly cursor: number
  readonly unread: number
}

/** A page of a channel's past, asked for at the end by somebody who may read it. */
export interface AuditRecord extends EventFacts {
  readonly t: number
  readonly kind: 'audit'
}

/** A fault begins or ends. `acted`: it was seen to take effect. */
export interface FaultRecord {
  readonly t: number
  readonly kind: 'fault'
  readonly phase: 'start' | 'end'
  readonly name: string
  readonly target: string
  readonly acted: boolean
}

/** What a node holds when everybody has gone. */
export interface GaugeRecord {
  readonly t: number
  readonly kind: 'gauge'
  readonly node: string
  readonly name: string
  readonly value: number
}

export type HistoryRecord =
  | RunRecord
  | InvokeRecord
  | EndRecord
  | TryRecord
  | WireRecord
  | HintRecord
  | ShownRecord
  | LinkRecord
  | FinalRecord
  | TruthRecord
  | PlaceRecord
  | AuditRecord
  | FaultRecord
  | GaugeRecord

/** A record without its time, which whoever keeps it adds. */
export type Untimed<T> = T extends { readonly t: number } ? Omit<T, 't'> : never
export type Note = (record: Untimed<HistoryRecord>) => void
