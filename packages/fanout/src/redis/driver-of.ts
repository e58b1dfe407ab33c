/** A driver of the Redis brokers, out of the one thing that differs between libraries: how a connection is made. */
import type { Access, Reach } from './credentials.ts'
import type { OpenOptions, RedisAddress, RedisConnection, RedisDriver } from './driver.ts'

/** A connection that is not open yet. */
export interface NewConnection extends RedisConnection {
  open(signal: AbortSignal): Promise<void>
}

export function driverOf(
  name: string,
  reach: Reach,
  newConnection: (address: RedisAddress, access: Access, options: OpenOptions) => NewConnection,
): RedisDriver {
  const isSentinel = (address: RedisAddress) =>
    reach.sentinelName !== undefined && reach.addresses.includes(address)
  return {
    name,
    addresses: reach.addresses,
    sentinelName: reach.sentinelName,
    async open(options) {
      const address = options.address ?? reach.addresses[0]
      if (address === undefined) throw new Error('no address was given')
      const access = isSentinel(address) ? reach.sentinelAccess : reach.access
      const connection = newConnection(address, access, options)
      await connection.open(options.signal)
      return connection
    },
  }
}
