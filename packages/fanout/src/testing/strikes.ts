/** Harm that is the same for every server: each resolves when the server is well again, and all subscriptions were surely lost. */
import { freeze } from '../../../../tests/services/freeze.ts'
import type { Scene, Strike } from '../broker-faults.case.ts'
import type { Relay } from './relay.ts'

/** The server dies and is started again. */
export function killing(server: { kill(): Promise<void>; restart(): Promise<void> }): Strike {
  return async ({ noticed }) => {
    await Promise.all([noticed(), server.kill()])
    await server.restart()
    return undefined
  }
}

/** The server stands still until the nodes have noticed, and nobody listens to it any more. */
export function freezing(server: { readonly pid: number }, deaf?: () => Promise<void>): Strike {
  return async (scene) => {
    await standStill(server.pid, scene, deaf)
    return undefined
  }
}

/** The connections through these relays are cut; those that listen go through them. */
export function cutting(relays: readonly (Relay | undefined)[]): Strike {
  return async ({ noticed, listeners }) => {
    const told = noticed(listeners)
    for (const relay of relays) relay?.cut()
    await told
    return undefined
  }
}

/**
 * A node that publishes over one connection and listens over another says that the server is away when the first of them is: `deaf` resolves when those that
 * listen are gone, too. Where there is one connection, that is the same.
 */
export async function standStill(
  pid: number,
  { noticed }: Scene,
  deaf = async () => {},
): Promise<void> {
  await freeze(pid)
  await Promise.all([noticed(), deaf()]).finally(() => process.kill(pid, 'SIGCONT'))
}
