// A PostgreSQL server with an empty database and a superuser `madang` without a password.
import { spawnSync } from 'node:child_process'
import { chownSync, realpathSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { type Binary, findBinary, requireBinary } from './binary.ts'
import type { Found, Service } from './part.ts'
import { type Place, startServer } from './server-process.ts'

const BINARY: Binary = {
  variable: 'POSTGRES_BIN',
  names: ['postgres'],
  folders: ['/usr/lib/postgresql/*/bin', '/usr/pgsql-*/bin', '/opt/homebrew/opt/postgresql*/bin'],
  debianPackage: 'postgresql',
}

/** PostgreSQL refuses to be root. On every Linux this is nobody's number. */
const NOBODY = { uid: 65_534, gid: 65_534 }
const user = process.getuid?.() === 0 ? NOBODY : undefined

const dataOf = ({ folder }: Place): string => join(folder, 'data')

export const postgres: Service = {
  name: 'PostgreSQL',
  neededFor: 'the store on PostgreSQL',
  async find() {
    return findBinary(BINARY)
  },
  async start() {
    const found = requireBinary('PostgreSQL', BINARY)
    return startServer({
      name: 'postgres',
      found,
      async prepare(place) {
        if (user) chownSync(place.folder, user.uid, user.gid)
        const settings = ['--auth=trust', '--username=madang', '--encoding=UTF8', '--no-locale']
        run(found, 'initdb', ['--pgdata', dataOf(place), '--no-sync', ...settings], place)
      },
      args: (place) => [
        ...['-D', dataOf(place), '-k', place.folder],
        ...['-h', '127.0.0.1', '-p', String(place.port)],
      ],
      url: ({ port }) => `postgres://madang@127.0.0.1:${port}/postgres`,
      async isReady(place) {
        run(found, 'pg_isready', ['-h', '127.0.0.1', '-p', String(place.port)], place)
        return true
      },
      // "Fast shutdown": clients are cut off, data are flushed.
      stopSignal: 'SIGINT',
      ...(user ? { user } : {}),
    })
  },
}

/** Runs a tool that lies beside the server, where links lead to; throws with what it said. */
function run(found: Found, tool: string, args: readonly string[], { folder }: Place): void {
  const { status, stdout, stderr, error } = spawnSync(
    join(dirname(realpathSync(found.path)), tool),
    args,
    {
      cwd: folder,
      encoding: 'utf8',
      env: { ...process.env, ...found.env },
      ...user,
    },
  )
  if (status !== 0) throw new Error(`${tool}: ${error?.message ?? stdout + stderr}`)
}
