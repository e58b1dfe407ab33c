/** What the client needs of the world besides the server: time, chance, names, and whether the browser is online. */
import { type Clock, type Dice, systemClock, systemDice } from './clock.ts'

export interface Network {
  /** Called when the browser says that it is online or offline. Returns the way to unsubscribe. */
  subscribe(changed: (online: boolean) => void): () => void
}

export interface Environment {
  readonly clock: Clock
  readonly dice: Dice
  /** A new client id; never the same twice, on any device. */
  readonly newId: () => string
  readonly network: Network
}

/** The world as it is, in browsers and in Node. */
export const systemEnvironment: Environment = {
  clock: systemClock,
  dice: systemDice,
  newId,
  network: { subscribe: watchNetwork },
}

// Not `crypto.randomUUID`: browsers have it on https and localhost only, and many a chat is tried out at http://192.168.
function newId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}

function watchNetwork(changed: (online: boolean) => void): () => void {
  if (typeof addEventListener !== 'function') return () => {}
  const online = (): void => changed(true)
  const offline = (): void => changed(false)
  addEventListener('online', online)
  addEventListener('offline', offline)
  return () => {
    removeEventListener('online', online)
    removeEventListener('offline', offline)
  }
}
