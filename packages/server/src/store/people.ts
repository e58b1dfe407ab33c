/** The people part of the store's contract: persons, their credentials and sessions. */
import type { Id, Person } from '@madang/protocol'

export interface NewPerson extends Person {
  readonly createdAt: number
  /** For accounts with a password here; unique. */
  readonly login?: string
  /** Opaque to the store. */
  readonly passwordHash?: string
  /** For accounts that another system vouches for: `issuer` + the token's `sub`; unique. */
  readonly externalId?: string
}

export interface Credentials {
  readonly person: Person
  readonly passwordHash: string
}

export interface Session {
  /** The SHA-256 of the secret, in hex: the secret itself is not kept. */
  readonly id: string
  readonly personId: Id
  readonly createdAt: number
  readonly expiresAt: number
}

/** What is changed of a person; what is absent stays. */
export interface PersonChange {
  readonly name?: string
  /** Whether they may see and steer the whole installation. */
  readonly operator?: boolean
  /** Whether they are kept out of the whole installation. A change of it is one of their places, too: `placeVersions` tells. */
  readonly disabled?: boolean
}

/** A person with what only operators are shown. */
export interface PersonRecord {
  readonly person: Person
  readonly login: string | null
  readonly operator: boolean
  /** Absent where a backend knows of no such thing. */
  readonly disabled?: boolean
  readonly createdAt: number
}

export interface PersonsRequest {
  /** A whole id or login, or a part of a name in whichever case; absent: everybody. */
  readonly text?: string
  /** Operators alone. */
  readonly operators?: boolean
  /** Goes on after this person, in the order of ids: that of their making. */
  readonly after?: Id
  readonly limit: number
}

export interface PeopleStore {
  /** Resolves to false, and stores nothing, where the login is taken. */
  createPerson(person: NewPerson): Promise<boolean>
  /** Finds the person of `externalId` and brings its name up to date, or makes it of `person`; two at once make one. Rejects with `banned` where they are disabled. */
  adoptPerson(person: NewPerson & { readonly externalId: string }): Promise<Person>
  person(id: Id): Promise<Person | null>
  /** Resolves to the person as they are now; null: there is none, and nothing was changed. */
  changePerson(id: Id, change: PersonChange): Promise<Person | null>
  /** Nobody is one while they are disabled. */
  isOperator(id: Id): Promise<boolean>
  /** For operators: looks through everybody, and is no part of chat. */
  persons(request: PersonsRequest): Promise<readonly PersonRecord[]>
  credentials(login: string): Promise<Credentials | null>
  /** Rejects with `banned` where the person is disabled. */
  createSession(session: Session): Promise<void>
  /** The session and its person, where it exists, expires after `now`, and the person is not disabled. */
  session(
    id: string,
    now: number,
  ): Promise<{ readonly session: Session; readonly person: Person } | null>
  /** Those of the sessions that are void at `now`: deleted, expired, never made, or of somebody who is disabled. For thousands at once. */
  missingSessions(ids: readonly string[], now: number): Promise<readonly string[]>
  /** Resolves to whether there was one. */
  deleteSession(id: string): Promise<boolean>
}
