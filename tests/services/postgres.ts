// A PostgreSQL server with an empty database and a superuser `madang` without a password.
import { spawnSync } from 'node:child_process'
import { chownSync, realpathSync, writeFileSync } from 'node:fs'
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

export interface PostgresOptions {
  /** More arguments: `['-c', 'max_connections=5']`. */
  readonly args?: readonly string[]
  /** Of the superuser, who else needs none. */
  readonly password?: string
  /** A folder that is not there yet, in one that the server's user may write to: for its data, instead of one of its own. Who names it removes it. */
  readonly dataDir?: string
}

export const postgres: Service<PostgresOptions> = {
  name: 'PostgreSQL',
  neededFor: 'the store on PostgreSQL',
  async find() {
    return findBinary(BINARY)
  },
  async start({ args = [], password, dataDir }: PostgresOptions = {}) {
    const found = requireBinary('PostgreSQL', BINARY)
    const dataOf = ({ folder }: Place) => dataDir ?? join(folder, 'data')
    const secret = password === undefined ? '' : `:${encodeURIComponent(password)}`
    const auth = ({ folder }: Place) => {
      if (password === undefined) return ['--auth=trust']
      const file = join(folder, 'password')
      writeFileSync(file, password)
      return ['--auth=scram-sha-256', `--pwfile=${file}`]
    }
    return startServer({
      name: 'postgres',
      found,
      async prepare(place) {
        if (user) chownSync(place.folder, user.uid, user.gid)
        const settings = ['--username=madang', '--encoding=UTF8', '--no-locale', ...auth(place)]
        run(found, 'initdb', ['--pgdata', dataOf(place), '--no-sync', ...settings], place)
      },
      args: (place) => [
        ...args,
        ...['-D', dataOf(place), '-k', place.folder],
        ...['-h', '127.0.0.1', '-p', String(place.port)],
      ],
      url: ({ port }) => `postgres://madang${secret}@127.0.0.1:${port}/postgres`,
      async isReady(place) {
        run(found, 'pg_isready', ['-h', '127.0.0.1', '-p', String(place.port)], place)
        return true
      },
      // "Immediate shutdown": the data are removed anyway, and a last checkpoint may take long.
      stopSignal: 'SIGQUIT',
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
