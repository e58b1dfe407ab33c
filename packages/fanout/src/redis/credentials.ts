/** Whom a driver connects as, and how: read once from what the user gave. */
import {
  addressOf,
  type RedisAddress,
  type RedisClusterOptions,
  type RedisServer,
} from './driver.ts'

export interface Access {
  readonly username: string | undefined
  readonly password: string | undefined
  readonly tls: boolean
  readonly database: number
}

export interface Reach {
  readonly addresses: readonly RedisAddress[]
  readonly sentinelName: string | undefined
  /** For the servers. */
  readonly access: Access
  /** For the sentinels, where there are any. */
  readonly sentinelAccess: Access
}

const NOBODY: Access = { username: undefined, password: undefined, tls: false, database: 0 }

export function reachOf(server: RedisServer): Reach {
  if ('url' in server) {
    return {
      addresses: [addressOf(server.url)],
      sentinelName: undefined,
      access: accessOf(server.url),
      sentinelAccess: NOBODY,
    }
  }
  return {
    addresses: server.sentinels,
    sentinelName: server.name,
    access: { ...NOBODY, username: server.username, password: server.password },
    sentinelAccess: { ...NOBODY, password: server.sentinelPassword },
  }
}

export function clusterReachOf(urls: readonly string[], options: RedisClusterOptions): Reach {
  const first = urls[0] === undefined ? NOBODY : accessOf(urls[0])
  return {
    addresses: urls.map(addressOf),
    sentinelName: undefined,
    access: {
      username: options.username ?? first.username,
      password: options.password ?? first.password,
      tls: options.tls ?? first.tls,
      database: 0,
    },
    sentinelAccess: NOBODY,
  }
}

function accessOf(url: string): Access {
  const { protocol, username, password, pathname } = new URL(url)
  return {
    username: decodeURIComponent(username) || undefined,
    password: decodeURIComponent(password) || undefined,
    tls: protocol === 'rediss:',
    database: Number(pathname.slice(1)) || 0,
  }
}
