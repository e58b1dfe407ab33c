/** Queries that are sent one behind the other without waiting: one round trip for all of them. */
import type { Connection } from './connections.ts'

export type Queries = Pick<Connection, 'query'>

/** Resolves or rejects when all of them have ended, with the first error: those behind it only say that the transaction had failed already. */
export async function together<T extends readonly unknown[]>(
  queries: {
    readonly [K in keyof T]: Promise<T[K]>
  },
): Promise<T> {
  await Promise.allSettled(queries)
  for (const query of queries) await query
  return (await Promise.all(queries)) as unknown as T
}
