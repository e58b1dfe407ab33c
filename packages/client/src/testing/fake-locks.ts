/** Web Locks of a browser without a browser. */
import type { HeldLock, TabLocks } from '../tabs/locks.ts'
import type { Realm } from './realm.ts'

interface Claim {
  readonly realm: Realm
  /** Called when it is had; the lock is held until `release`. */
  have(): void
  taken(): void
}

/** Web Locks of one browser. */
export class FakeLocks {
  readonly #held = new Map<string, Claim>()
  readonly #waiting = new Map<string, Claim[]>()

  holder(name: string): Realm | undefined {
    return this.#held.get(name)?.realm
  }

  /** Names that are held. */
  names(): readonly string[] {
    return [...this.#held.keys()]
  }

  of(realm: Realm): TabLocks {
    return {
      hold: (name) => this.#hold(name, realm),
      whenFree: (name, free) => this.#whenFree(name, realm, free),
      lead: (name, { steal, signal }, lead) =>
        new Promise((over) => {
          const claim: Claim = {
            realm,
            have: () =>
              realm.run(() => {
                void lead().then(() => {
                  this.#release(name, claim)
                  over()
                })
              }),
            taken: () => realm.run(over),
          }
          signal.addEventListener('abort', () => {
            if (this.#giveUp(name, claim)) over()
          })
          if (steal) this.#steal(name, claim)
          else this.#claim(name, claim)
        }),
      sameHolder: async (name, other) =>
        this.holder(name) !== undefined && this.holder(name) === this.holder(other),
    }
  }

  /** Whatever it held is free, and it waits for nothing. */
  dead(realm: Realm): void {
    for (const [name, waiting] of this.#waiting) {
      this.#waiting.set(
        name,
        waiting.filter((claim) => claim.realm !== realm),
      )
    }
    for (const [name, claim] of this.#held) if (claim.realm === realm) this.#release(name, claim)
  }

  #hold(name: string, realm: Realm): HeldLock {
    const { promise: held, resolve } = Promise.withResolvers<void>()
    const claim: Claim = { realm, have: () => realm.run(resolve), taken: () => {} }
    this.#claim(name, claim)
    return { held, release: () => this.#release(name, claim) }
  }

  #whenFree(name: string, realm: Realm, free: () => void): () => void {
    const claim: Claim = {
      realm,
      have: () => {
        this.#release(name, claim)
        realm.run(free)
      },
      taken: () => {},
    }
    this.#claim(name, claim)
    return () => void this.#giveUp(name, claim)
  }

  #claim(name: string, claim: Claim): void {
    this.#waiting.set(name, [...(this.#waiting.get(name) ?? []), claim])
    this.#grant(name)
  }

  #steal(name: string, claim: Claim): void {
    const before = this.#held.get(name)
    this.#held.set(name, claim)
    before?.taken()
    claim.have()
  }

  #giveUp(name: string, claim: Claim): boolean {
    const waiting = this.#waiting.get(name) ?? []
    this.#waiting.set(
      name,
      waiting.filter((one) => one !== claim),
    )
    return waiting.includes(claim)
  }

  #release(name: string, claim: Claim): void {
    if (this.#held.get(name) !== claim) return
    this.#held.delete(name)
    this.#grant(name)
  }

  #grant(name: string): void {
    if (this.#held.has(name)) return
    const [next, ...others] = this.#waiting.get(name) ?? []
    if (!next) return
    this.#waiting.set(name, others)
    this.#held.set(name, next)
    next.have()
  }
}
