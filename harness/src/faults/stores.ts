/** The stores that several nodes can share. */
import { postgres } from '../../../tests/services/postgres.ts'

export const STORES = ['sqlite', 'postgres'] as const
export type StoreName = (typeof STORES)[number]

/** Where nodes keep everything. */
export interface Shelf {
  /** How a node finds it, beside its data folder. */
  readonly env: Readonly<Record<string, string>>
  stop(): Promise<void>
}

export async function startShelf(name: StoreName): Promise<Shelf> {
  if (name === 'sqlite') return { env: {}, stop: async () => {} }
  const server = await postgres.start()
  return { env: { DATABASE_URL: server.url }, stop: () => server.stop() }
}
