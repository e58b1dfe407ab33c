/** The way where tabs cannot speak to each other: the tab holds a client of its own. */
import type { World } from '../create-client.ts'
import { HostClient, type MakeClient } from './host-client.ts'
import type { OpenWay } from './way.ts'

export function soloWay(makeClient: MakeClient, world: World = {}): OpenWay {
  return ({ heard }) => {
    const host = new HostClient({
      makeClient,
      world,
      // In a turn of its own, as it would be on any other way.
      post: (_tabs, message) => queueMicrotask(() => heard(message)),
      watch: () => () => {},
    })
    return {
      post: (message) => host.heard(message),
      seek: () => {},
      close: () => host.stop(),
    }
  }
}
