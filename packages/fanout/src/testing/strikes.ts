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

/** The server stands still until the nodes have noticed. */
export function freezing(server: { readonly pid: number }): Strike {
  return async (scene) => {
    await standStill(server.pid, scene)
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

export async function standStill(pid: number, { noticed }: Scene): Promise<void> {
  await freeze(pid)
  await noticed().finally(() => process.kill(pid, 'SIGCONT'))
}
