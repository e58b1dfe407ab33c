/** What happened in a simulated run, in one order: what the store committed, and what each device was sent. */
import type { Id, LogEvent } from '@madang/protocol'
import type { Step } from './story.ts'

/** A device's connection: no two of a run are equal. */
export interface Line {
  readonly device: number
  readonly personId: Id
  readonly connection: number
}

export type Happening =
  | { readonly what: 'committed'; readonly event: LogEvent }
  /** A person is in the community from now on, or out of it. */
  | { readonly what: 'placed'; readonly personId: Id; readonly inside: boolean }
  /** A channel was opened for a device that was at `cursor` (null: it had nothing). */
  | {
      readonly what: 'opened'
      readonly line: Line
      readonly channelId: Id
      readonly cursor: number | null
      readonly limited: boolean
      readonly head: number
      readonly events: readonly LogEvent[]
    }
  /** A page of history. */
  | { readonly what: 'page'; readonly line: Line; readonly events: readonly LogEvent[] }
  | { readonly what: 'live'; readonly line: Line; readonly event: LogEvent }
  | { readonly what: 'digest'; readonly line: Line; readonly channelId: Id; readonly head: number }
  | { readonly what: 'typing'; readonly line: Line; readonly channelId: Id }
  /** The device was told that the channel is the person's, as of a head. */
  | { readonly what: 'yours'; readonly line: Line; readonly channelId: Id; readonly head: number }
  | { readonly what: 'gone'; readonly line: Line; readonly channelId: Id }
  /** The node let the device fall behind, and told it so. */
  | { readonly what: 'behind'; readonly line: Line; readonly channelIds: readonly Id[] }
  | {
      readonly what: 'asked'
      readonly device: number
      readonly personId: Id
      readonly clientId: string
      readonly channelId: Id
      readonly text: string
    }
  | {
      readonly what: 'acknowledged'
      readonly device: number
      readonly clientId: string
      readonly seq: number
    }
  | {
      readonly what: 'refused'
      readonly device: number
      readonly clientId: string
      readonly code: string
    }
  | { readonly what: 'calm' }
  | { readonly what: 'step'; readonly step: Step }
  /** A connection that came or went: for those who read the story. */
  | { readonly what: 'told'; readonly text: string }

export type Entry = Happening & { readonly at: number }

export class History {
  readonly entries: Entry[] = []
  readonly #now: () => number

  constructor(now: () => number) {
    this.#now = now
  }

  note(happening: Happening): void {
    this.entries.push(Object.assign(happening, { at: this.#now() }))
  }

  tell(text: string): void {
    this.note({ what: 'told', text })
  }
}
