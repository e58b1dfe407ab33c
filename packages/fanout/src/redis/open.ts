/** Opens a connection to a server, or to the master that the sentinels know. */
import { reasonOf } from '../link/link.ts'
import type { ConnectionEvents, RedisAddress, RedisConnection, RedisDriver } from './driver.ts'

export interface Open {
  readonly driver: RedisDriver
  /** Undefined: the driver's own server. */
  readonly address?: RedisAddress | undefined
  readonly sharded: boolean
}

const SILENT: ConnectionEvents = { onFrame() {}, onUnsubscribed() {}, onClosed() {} }

export async function openConnection(
  { driver, address, sharded }: Open,
  events: ConnectionEvents,
  signal: AbortSignal,
): Promise<RedisConnection> {
  if (driver.sentinelName === undefined) return driver.open({ address, sharded, events, signal })
  const master = await masterOf(driver, driver.sentinelName, signal)
  const connection = await driver.open({ address: master, sharded, events, signal })
  try {
    await checkRole(connection)
  } catch (error) {
    connection.close()
    throw error
  }
  return connection
}

/** A server behind sentinels may have become a replica: it still takes frames, and they reach nobody. */
export async function checkServer({ driver }: Open, connection: RedisConnection): Promise<void> {
  if (driver.sentinelName === undefined) await connection.command(['PING'])
  else await checkRole(connection)
}

async function checkRole(connection: RedisConnection): Promise<void> {
  const role = await connection.command(['ROLE'])
  const name = Array.isArray(role) ? String(role[0]) : ''
  if (name !== 'master') throw new Error(`the server is a ${name}, not the master`)
}

/** The first sentinel that answers is believed; a wrong answer is found out by the server's role. */
async function masterOf(
  driver: RedisDriver,
  name: string,
  signal: AbortSignal,
): Promise<RedisAddress> {
  let reason = 'no sentinel was given'
  for (const address of driver.addresses) {
    signal.throwIfAborted()
    try {
      return await ask(driver, address, name, signal)
    } catch (error) {
      reason = reasonOf(error)
    }
  }
  throw new Error(`no sentinel knows the master ${name}: ${reason}`)
}

async function ask(
  driver: RedisDriver,
  address: RedisAddress,
  name: string,
  signal: AbortSignal,
): Promise<RedisAddress> {
  const sentinel = await driver.open({ address, sharded: false, events: SILENT, signal })
  try {
    const answer = await sentinel.command(['SENTINEL', 'GET-MASTER-ADDR-BY-NAME', name])
    if (!Array.isArray(answer)) throw new Error('it does not know it')
    return { host: String(answer[0]), port: Number(answer[1]) }
  } finally {
    sentinel.close()
  }
}
