/** The stores that are measured beside each other, each empty and on a disk of this machine. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createPostgresStore, createSqliteStore, type Store } from '@madang/server/testing'
import { reasonOf } from '../../../tests/services/part.ts'
import { postgres } from '../../../tests/services/postgres.ts'

export const STORES = ['sqlite', 'postgres'] as const
export type StoreName = (typeof STORES)[number]

export interface StoreGround {
  /** Settings of a server that keeps everything there. */
  readonly env: Readonly<Record<string, string>>
  /** Told of each commit how many entries it held. */
  newStore(onCommit: (entries: number) => void): Store
  remove(): Promise<void>
}

/** Why one of them cannot be measured here; null: it can. */
export async function missingReason(name: StoreName): Promise<string | null> {
  const found = name === 'postgres' ? await postgres.find() : null
  return found === null || found.found ? null : reasonOf(postgres, found)
}

export async function newGround(name: StoreName): Promise<StoreGround> {
  const folder = await mkdtemp(join(tmpdir(), 'madang-load-'))
  const removeFolder = () => rm(folder, { recursive: true, force: true })
  if (name === 'sqlite') {
    const file = join(folder, 'madang.db')
    return {
      // A server that is given no store makes a folder of its own.
      env: {},
      newStore: (onCommit) => createSqliteStore({ file, onCommit }),
      remove: removeFolder,
    }
  }
  const server = await postgres.start()
  return {
    env: { DATABASE_URL: server.url },
    newStore: (onCommit) => createPostgresStore({ url: server.url, onCommit }),
    async remove() {
      await server.stop()
      await removeFolder()
    },
  }
}
