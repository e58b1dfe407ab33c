/** The contract of a participant: a client that sends into one channel, and remembers what it was told and shown. */
import type { Reader, Sender } from '../ledger.ts'

export interface Participant {
  readonly name: string
  /** Resolves when connected for the first time and in the channel. */
  start(): Promise<void>
  send(text: string): void
  /** Does not wait for the next try to connect, as a person would who presses the button: ten kills in a row would make the waits long. */
  reconnect(): void
  /** Whether it is connected and served. */
  isOnline(): boolean
  /** Sends that have no answer yet. */
  waiting(): number
  /** The last seq that it has shown. */
  cursor(): number
  /** Shows what it has let go of, so that `reader` has everything. */
  settle(): Promise<void>
  sender(): Sender
  reader(): Reader
  stop(): Promise<void>
}
