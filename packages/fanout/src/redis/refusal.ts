/** What a server's refusal means for who asked. */
import { reasonOf } from '../link/link.ts'
import type { RedisAddress } from './driver.ts'

export type Refusal =
  /** The slot is at another node. An empty host stands for the one that said it. */
  | { readonly kind: 'moved'; readonly slot: number; readonly address: RedisAddress }
  /** Not now: the same may be asked again. */
  | { readonly kind: 'later' }
  /** Not at all, or nobody knows: the connection broke. */
  | { readonly kind: 'never' }

const MOVED = /^MOVED (\d+) (.*):(\d+)$/
const LATER = /^(ASK|TRYAGAIN|CLUSTERDOWN|LOADING|READONLY|MASTERDOWN|BUSY|OOM)\b/

export function refusalOf(error: unknown): Refusal {
  const reason = reasonOf(error)
  const moved = MOVED.exec(reason)
  if (moved !== null) {
    const [, slot, host = '', port] = moved
    return { kind: 'moved', slot: Number(slot), address: { host, port: Number(port) } }
  }
  return { kind: LATER.test(reason) ? 'later' : 'never' }
}
