/** The door for the script of a SharedWorker: it holds the one client of all tabs. */
import type { World } from '../create-client.ts'
import { HostClient, type MakeClient } from './host-client.ts'
import { systemLocks, type TabLocks } from './locks.ts'
import type { ToHost } from './messages.ts'
import type { Port } from './worker-way.ts'

export type { MakeClient } from './host-client.ts'

/** What is needed of a SharedWorker's global scope. */
export interface WorkerScope {
  addEventListener(
    name: 'connect',
    connected: (event: { readonly ports: readonly unknown[] }) => void,
  ): void
}

export interface WorkerWorld {
  readonly world?: World
  readonly locks?: TabLocks | undefined
}

/** Call it in the first turn of the script: tabs that connect before it are not heard. */
export function serveTabs(
  scope: WorkerScope,
  makeClient: MakeClient,
  { world, locks = systemLocks() }: WorkerWorld = {},
): void {
  const ports = new Map<string, Port>()
  const host = new HostClient({
    makeClient,
    ...(world && { world }),
    post(tabs, message) {
      for (const tab of tabs) ports.get(tab)?.postMessage(message)
    },
    watch: (_tab, lock, gone) =>
      locks && lock !== undefined ? locks.whenFree(lock, gone) : () => {},
  })
  scope.addEventListener('connect', ({ ports: [first] }) => {
    const port = first as Port
    let tab: string | undefined
    port.addEventListener('message', ({ data }) => {
      const message = data as ToHost
      tab = message.tab
      ports.set(tab, port)
      host.heard(message)
      if (message.kind === 'leave') ports.delete(tab)
    })
    // A tab that comes back by another port is not gone.
    port.addEventListener('close', () => {
      if (tab === undefined || ports.get(tab) !== port) return
      ports.delete(tab)
      host.gone(tab)
    })
    port.start()
  })
}
