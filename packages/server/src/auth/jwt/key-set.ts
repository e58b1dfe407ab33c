/** Keeps the keys of another system at hand: fetched when they are needed, shared, and no more often than a bound allows. */
import type { Clock } from '../../clock.ts'
import { Refusal } from '../../core/refusal.ts'
import { AUTH_LIMITS } from '../limits.ts'
import type { Algorithm } from './algorithms.ts'
import { type Key, readKeySet } from './jwk.ts'

export interface KeySetParts {
  /** Fetches the document. */
  readonly load: () => Promise<unknown>
  readonly clock: Pick<Clock, 'monotonic'>
  /** Told why a fetch failed. */
  readonly onError?: (error: unknown) => void
}

export class KeySet {
  readonly #parts: KeySetParts
  #keys: readonly Key[] = []
  #loadedAt: number | null = null
  #triedAt: number | null = null
  #failed = false
  #loading: Promise<void> | null = null

  constructor(parts: KeySetParts) {
    this.#parts = parts
  }

  /**
   * The key that a token names; null where the set has none. A token may name no key where the set has only one of the algorithm. An unknown name has the set fetched
   * again, at most once per interval for all callers together. Rejects with `busy` where that cannot be told now.
   */
  async find(kid: string | undefined, algorithm: Algorithm): Promise<Key | null> {
    const known = this.#lookup(kid, algorithm)
    if (known && this.#age() < AUTH_LIMITS.keySetFreshMs) return known
    const refreshed = this.#refresh()
    if (known && this.#age() < AUTH_LIMITS.keySetAgeMsMax) return known
    await refreshed
    const found = this.#lookup(kid, algorithm)
    if (found && this.#age() < AUTH_LIMITS.keySetAgeMsMax) return found
    if (!this.#failed) return null
    throw new Refusal('busy', { retryAfterMs: AUTH_LIMITS.keySetIntervalMsMin })
  }

  #lookup(kid: string | undefined, algorithm: Algorithm): Key | null {
    const keys = this.#keys.filter((key) => key.algorithm === algorithm)
    if (kid === undefined) return keys.length === 1 ? (keys[0] ?? null) : null
    return keys.find((key) => key.kid === kid) ?? null
  }

  #age(): number {
    return this.#loadedAt === null ? Infinity : this.#parts.clock.monotonic() - this.#loadedAt
  }

  /** Never rejects: what became of it is in the state. */
  #refresh(): Promise<void> {
    if (this.#loading !== null) return this.#loading
    const now = this.#parts.clock.monotonic()
    const tooEarly = this.#triedAt !== null && now - this.#triedAt < AUTH_LIMITS.keySetIntervalMsMin
    if (tooEarly) return Promise.resolve()
    this.#triedAt = now
    this.#loading = this.#load().finally(() => {
      this.#loading = null
    })
    return this.#loading
  }

  async #load(): Promise<void> {
    try {
      this.#keys = readKeySet(await this.#parts.load())
      this.#loadedAt = this.#parts.clock.monotonic()
      this.#failed = false
    } catch (error) {
      this.#failed = true
      this.#parts.onError?.(error)
    }
  }
}
