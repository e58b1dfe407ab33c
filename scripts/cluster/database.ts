// The store that the nodes share: a PostgreSQL server, or one SQLite file.
import { spawnSync } from 'node:child_process'
import { chownSync, existsSync, realpathSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Found } from '../../tests/services/part.ts'
import { freePort } from '../../tests/services/server-process.ts'
import type { Keep } from './brokers.ts'
import type { Member } from './member.ts'
import type { Place } from './place.ts'

export interface Database {
  readonly members: readonly Member[]
  /** How a node finds it. */
  readonly env: Readonly<Record<string, string>>
}

/** PostgreSQL refuses to be root. On every Linux this is nobody's number. */
const NOBODY = { uid: 65_534, gid: 65_534 }
const user = process.getuid?.() === 0 ? NOBODY : undefined
const NAME = 'postgres'

/** Every node opens the same file: that works on one host, and on no network drive. */
export function sharedFile(place: Place): Database {
  return { members: [], env: { DATA_DIR: place.folderOf('sqlite') } }
}

export async function startPostgres(found: Found, place: Place, keep: Keep): Promise<Database> {
  const folder = place.folderOf(NAME)
  const port = await freePort()
  const data = join(folder, 'data')
  if (!existsSync(join(data, 'PG_VERSION'))) createDatabase(found, folder, data)
  const url = `postgres://madang@127.0.0.1:${port}/postgres`
  const member = place.member({
    ...{ name: NAME, what: 'store', binary: found.path, env: found.env ?? {}, port, url, user },
    args: ['-D', data, '-k', folder, '-h', '127.0.0.1', '-p', String(port)],
    async isReady() {
      tool(found, 'pg_isready', ['-h', '127.0.0.1', '-p', String(port)], folder)
      return true
    },
    // Cuts clients off and writes everything out.
    stopSignal: 'SIGINT',
  })
  keep(member)
  await member.restart()
  return { members: [member], env: { DATABASE_URL: url } }
}

function createDatabase(found: Found, folder: string, data: string): void {
  if (user) chownSync(folder, user.uid, user.gid)
  const settings = ['--auth=trust', '--username=madang', '--encoding=UTF8', '--no-locale']
  tool(found, 'initdb', ['--pgdata', data, '--no-sync', ...settings], folder)
}

/** Runs a tool that lies beside the server, where links lead to; throws with what it said. */
function tool(found: Found, name: string, args: readonly string[], cwd: string): void {
  const path = join(dirname(realpathSync(found.path)), name)
  const env = { ...process.env, ...found.env }
  const { status, stdout, stderr, error } = spawnSync(path, args, {
    ...{ cwd, env, encoding: 'utf8' },
    ...user,
  })
  if (status !== 0) throw new Error(`${name}: ${error?.message ?? stdout + stderr}`)
}
