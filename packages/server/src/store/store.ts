/**
 * The contract of a store: where everything that was acknowledged is kept. The store is the truth; everything else is only faster.
 *
 * Durability: a promise that resolved is on disk. `start` checks the settings that this depends on and refuses to run without them.
 * Order: per channel the seqs are 1, 2, 3, ... in commit order, with no holes; an append that was answered before another was asked for has the smaller seq.
 * Reads: see every append that was answered before the read was asked for.
 * Failure: a method rejects with `StoreError`. `unavailable` and `busy`: nothing was stored, or the outcome is unknown and the same client
 * id finds it out. A refusal that concerns one entry of a batch is that entry's result, never a rejection.
 * Calls: `start` once, before anything else; after `stop` every method rejects with `unavailable`.
 */
import type { ErrorCode } from '@madang/protocol'
import type { LogStore } from './log.ts'
import type { NodeStore } from './nodes.ts'
import type { PeopleStore } from './people.ts'
import type { PlaceStore } from './places.ts'
import type { StatsStore } from './stats.ts'

export interface Store extends LogStore, PeopleStore, PlaceStore, NodeStore, StatsStore {
  readonly name: string
  /** Opens, checks the durability settings, and brings the schema up to date. */
  start(): Promise<void>
  /** Resolves when the store answers; rejects with `StoreError` when it does not. Cheap. */
  ping(): Promise<void>
  /** Finishes what is queued, then closes. Calling it twice is calling it once. */
  stop(): Promise<void>
}

/** A refusal or failure of the store, as a row of the error table. */
export class StoreError extends Error {
  readonly code: ErrorCode

  constructor(code: ErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'StoreError'
    this.code = code
  }
}

export type * from './log.ts'
export type * from './nodes.ts'
export type * from './people.ts'
export type * from './places.ts'
export type * from './stats.ts'
