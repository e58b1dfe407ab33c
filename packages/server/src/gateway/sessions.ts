/** Finds this node's sessions by person. */
import type { Id } from '@madang/protocol'
import type { Session } from './session.ts'

const NOBODY: ReadonlySet<Session> = new Set()

export class Sessions {
  readonly #byPerson = new Map<Id, Set<Session>>()

  get people(): number {
    return this.#byPerson.size
  }

  of(personId: Id): ReadonlySet<Session> {
    return this.#byPerson.get(personId) ?? NOBODY
  }

  everyone(): readonly Id[] {
    return [...this.#byPerson.keys()]
  }

  /** Whether it is the person's first. */
  add(session: Session): boolean {
    const sessions = this.#byPerson.get(session.person.id)
    sessions?.add(session)
    if (sessions === undefined) this.#byPerson.set(session.person.id, new Set([session]))
    return sessions === undefined
  }

  /** Whether it was the person's last. */
  remove(session: Session): boolean {
    const sessions = this.#byPerson.get(session.person.id)
    sessions?.delete(session)
    return sessions?.size === 0 && this.#byPerson.delete(session.person.id)
  }
}
