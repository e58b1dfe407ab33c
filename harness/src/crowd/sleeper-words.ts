/** What a sleeper's process and its parent say to each other. */
import type { HistoryRecord, Untimed } from '../history/record.ts'
import type { ParticipantKind, ParticipantParts } from './participant.ts'

/** First of all. */
export type SleeperGiven = Omit<ParticipantParts, 'note'> & { readonly kind: ParticipantKind }

export type SleeperAsked = 'reconnect' | 'finish'

export type SleeperTold =
  | { readonly kind: 'note'; readonly record: Untimed<HistoryRecord> }
  | { readonly kind: 'state'; readonly state: SleeperState }
  | { readonly kind: 'started' }
  | { readonly kind: 'finished' }

export interface SleeperState {
  readonly isOnline: boolean
  readonly channels: readonly {
    readonly channel: string
    readonly isMember: boolean
    readonly reached: number
  }[]
}
