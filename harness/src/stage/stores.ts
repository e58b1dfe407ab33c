/** The stores that several nodes can share. */
import type { Running } from '../../../tests/services/part.ts'
import { postgres } from '../../../tests/services/postgres.ts'

export const STORES = ['sqlite', 'postgres'] as const
export type StoreName = (typeof STORES)[number]

/** Where nodes keep everything. */
export interface Vault {
  readonly name: StoreName
  /** How a node finds it, beside its data folder. */
  readonly env: Readonly<Record<string, string>>
  /** PostgreSQL, to be killed, frozen or spoken to; undefined: the nodes share a file. */
  readonly server: Running | undefined
  stop(): Promise<void>
}

export async function openVault(name: StoreName): Promise<Vault> {
  if (name === 'sqlite') return { name, env: {}, server: undefined, stop: async () => {} }
  const server = await postgres.start()
  return { name, env: { DATABASE_URL: server.url }, server, stop: () => server.stop() }
}
