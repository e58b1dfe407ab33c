/** Finds this node's sessions by person. */
import type { Id } from '@madang/protocol'
import type { Session } from './session.ts'

const NOBODY: ReadonlySet<Session> = new Set()

export class Sessions {
  readonly #byPerson = new Map<Id, Set<Session>>()
  /** Those whose person's places may have changed without their having been told: they are looked at soon. */
  readonly unsure = new Set<Session>()

  #size = 0

  /** One for each namespace of a connection. */
  get size(): number {
    return this.#size
  }

  get people(): number {
    return this.#byPerson.size
  }

  of(personId: Id): ReadonlySet<Session> {
    return this.#byPerson.get(personId) ?? NOBODY
  }

  all(): readonly Session[] {
    return [...this.#byPerson.values()].flatMap((sessions) => [...sessions])
  }

  add(session: Session): void {
    const sessions = this.#byPerson.get(session.person.id)
    if (sessions === undefined) this.#byPerson.set(session.person.id, new Set([session]))
    else sessions.add(session)
    this.#size++
  }

  remove(session: Session): void {
    this.unsure.delete(session)
    const sessions = this.#byPerson.get(session.person.id)
    if (sessions?.delete(session)) this.#size--
    if (sessions?.size === 0) this.#byPerson.delete(session.person.id)
  }
}
