/** The stores that several nodes can share. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Running } from '../../../tests/services/part.ts'
import { postgres } from '../../../tests/services/postgres.ts'
import { SmallDisk } from './disk.ts'

export const STORES = ['sqlite', 'postgres'] as const
export type StoreName = (typeof STORES)[number]

export interface VaultOptions {
  readonly store: StoreName
  /** More arguments of PostgreSQL. */
  readonly storeArgs: readonly string[]
  /** The size of a disk of its own, in MiB, which takes root; 0: it is kept where everything is. */
  readonly storeMib: number
}

/** Where nodes keep everything. */
export interface Vault {
  readonly name: StoreName
  /** How a node finds it, beside its data folder. */
  readonly env: Readonly<Record<string, string>>
  /** The data folder of the nodes. */
  readonly dataDir: string
  /** PostgreSQL, to be killed, frozen or spoken to; undefined: the nodes share a file. */
  readonly server: Running | undefined
  /** Undefined: it has none of its own. */
  readonly disk: SmallDisk | undefined
  stop(): Promise<void>
}

export async function openVault({ store, storeArgs, storeMib }: VaultOptions): Promise<Vault> {
  const disk = storeMib > 0 ? SmallDisk.mount(storeMib) : undefined
  const folder = await mkdtemp(join(tmpdir(), 'madang-stage-'))
  const remove = async () => {
    disk?.remove()
    await rm(folder, { recursive: true, force: true })
  }
  if (store === 'sqlite') {
    const dataDir = disk?.folder ?? folder
    return { name: store, env: {}, dataDir, server: undefined, disk, stop: remove }
  }
  try {
    const place = disk && { dataDir: join(disk.folder, 'data') }
    const server = await postgres.start({ args: storeArgs, ...place })
    const stop = async () => {
      await server.stop()
      await remove()
    }
    return { name: store, env: { DATABASE_URL: server.url }, dataDir: folder, server, disk, stop }
  } catch (error) {
    await remove()
    throw error
  }
}
