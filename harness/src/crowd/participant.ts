/**
 * The contract of a participant: one device of one person, which does what people do in channels and writes down everything that it asked
 * for, was told and showed. Nothing here rejects because a server is away: that is what is being tried.
 */
import type { Note } from '../history/record.ts'

export type ParticipantKind = 'ours' | 'stock'

export interface ParticipantParts {
  /** The device's name. */
  readonly who: string
  /** Where it connects. */
  readonly url: string
  /** Its person's id and session token. */
  readonly person: string
  readonly token: string
  /** The channels that it opens; its person is a member of all of them. */
  readonly channels: readonly string[]
  readonly note: Note
}

export interface Participant {
  readonly kind: ParticipantKind
  readonly who: string
  readonly person: string
  /** Resolves when it is connected for the first time and in its channels. */
  start(): Promise<void>
  /** Sends are kept, in order, until they are answered; where it is no member they are not made. */
  send(channel: string, text: string): void
  /** Changes one of its own messages; `choose` is given how many there are. Does nothing where there is none, or no connection. */
  edit(channel: string, text: string, choose: (count: number) => number): void
  delete(channel: string, choose: (count: number) => number): void
  /** Says that it has read everything that it shows. */
  read(channel: string): void
  typing(channel: string): void
  join(channel: string): void
  leave(channel: string): void
  isMember(channel: string): boolean
  /** Does not wait for the next try to connect, as a person would who presses the button. */
  reconnect(): void
  isOnline(): boolean
  /** What it asked for and has no answer to yet, and cursors that were not told yet. */
  waiting(): number
  /** The last seq of which it knows that it has everything up to there. */
  reached(channel: string): number
  /** Shows what it has let go of, and writes down what it shows of each channel. */
  finish(): Promise<void>
  stop(): Promise<void>
}
