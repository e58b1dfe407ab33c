/** Where the brokers are, read out of REDIS_URL and NATS_URL. Pure; what is not an address is `undefined`. */

/** One Redis server, a Redis Cluster known by some of its nodes, or a master known by its sentinels. */
export type RedisPlace =
  | { readonly kind: 'server'; readonly url: string }
  | { readonly kind: 'cluster'; readonly urls: readonly string[] }
  | {
      readonly kind: 'sentinel'
      /** The master's name at the sentinels. */
      readonly name: string
      readonly sentinels: readonly { readonly host: string; readonly port: number }[]
      /** Of the master: credentials and TLS, as a URL whose host and port count for nothing. */
      readonly url: string
    }

/** Addresses in one setting. */
export const placesMax = 64

const REDIS_PORT = 6379
const SENTINEL_PORT = 26_379
const REDIS_SCHEME = /^(rediss?)(?:\+(cluster|sentinel))?:$/
/** A Sentinel takes these as a master's name. */
const MASTER_NAME = /^[A-Za-z0-9._-]{1,255}$/

/**
 * `redis://host:port` is one server, `redis+cluster://host:port,host:port` a cluster, `redis+sentinel://host:port,host:port/name` a master; `rediss` is the
 * same over TLS. Several places with commas between are partitions, each with its share of the topics.
 */
export function readRedisPlaces(text: string): readonly RedisPlace[] | undefined {
  const groups: string[][] = []
  for (const item of text.split(',').map((part) => part.trim())) {
    if (item.includes('://')) groups.push([item])
    else if (item === '' || groups.length === 0) return undefined
    else groups.at(-1)?.push(item)
  }
  if (groups.flat().length > placesMax) return undefined
  const places = groups.map(readRedisPlace)
  const isUnique = new Set(groups.map(String)).size === groups.length
  return isUnique && places.every((place) => place !== undefined) ? places : undefined
}

/** `nats://host:port` or `tls://host:port`, several with commas between: servers of one NATS cluster. */
export function readNatsServers(text: string): readonly string[] | undefined {
  const servers = text.split(',').map((part) => part.trim())
  const isServer = (server: string) => {
    const url = URL.parse(server)
    return url !== null && /^(nats|tls):$/.test(url.protocol) && isBare(url) && url.pathname === ''
  }
  return servers.length <= placesMax && servers.every(isServer) ? servers : undefined
}

function readRedisPlace([first = '', ...others]: readonly string[]): RedisPlace | undefined {
  // A list ends in the master's name, which belongs to the whole place.
  const [last = ''] = others.slice(-1)
  const slash = last.indexOf('/')
  const path = slash === -1 ? '' : last.slice(slash)
  const hosts = others.map((host) => (host === last && slash !== -1 ? host.slice(0, slash) : host))
  const url = URL.parse(`${first}${path}`)
  const [, scheme, kind = 'server'] = REDIS_SCHEME.exec(url?.protocol ?? '') ?? []
  if (url === null || scheme === undefined || !isBare(url)) return undefined
  if (first.replace(/^[^/]*\/\//, '').includes('/') && path !== '') return undefined
  const credentials = url.username || url.password ? `${url.username}:${url.password}@` : ''
  const port = kind === 'sentinel' ? SENTINEL_PORT : REDIS_PORT
  const at = [url.host, ...hosts].map((host) => hostAndPort(host, port))
  if (!at.every((one) => one !== undefined)) return undefined
  const name = url.pathname.replace(/^\//, '')
  const urls = at.map((one) => `${scheme}://${credentials}${one.host}:${one.port}`)
  if (kind === 'sentinel') {
    const [master = ''] = urls
    return MASTER_NAME.test(name) ? { kind, name, sentinels: at, url: master } : undefined
  }
  if (kind === 'cluster') return name === '' ? { kind, urls } : undefined
  const [server = ''] = urls
  // Pub/sub knows no databases: another number than 0 would promise a separation that is not there.
  return /^0?$/.test(name) && hosts.length === 0 ? { kind: 'server', url: server } : undefined
}

const isBare = ({ host, search, hash }: URL): boolean => host !== '' && search === '' && hash === ''

function hostAndPort(text: string, usual: number): { host: string; port: number } | undefined {
  const url = URL.parse(`redis://${text}`)
  if (url === null || url.host !== text.toLowerCase() || url.hostname === '') return undefined
  return { host: url.hostname, port: url.port === '' ? usual : Number(url.port) }
}
