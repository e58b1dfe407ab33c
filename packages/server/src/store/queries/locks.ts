/** What a transaction holds until it ends, so that several nodes decide one after the other. Where a database has one writer, nothing. */
import type { Id } from '@madang/protocol'
import type { Transaction } from 'kysely'
import type { Tables } from './tables.ts'

/**
 * Order, so that nobody waits in a circle: rows of channels by id, then a community, then people. Cursors are written in the order
 * of person and channel. What was read before a lock is read again after it.
 */
export interface Locks {
  /** For whoever counts the channels of a community. */
  community(db: Transaction<Tables>, id: Id): Promise<void>
  /** For whoever changes what people are somewhere, what they are called, or counts where they are. Appends by these people wait, too. */
  people(db: Transaction<Tables>, ids: readonly Id[]): Promise<void>
}

export const noLocks: Locks = {
  async community() {},
  async people() {},
}
