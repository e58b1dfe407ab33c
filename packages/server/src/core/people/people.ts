/** People: guests and accounts, their passwords and sessions. */
import { type Id, LIMITS, type Person } from '@madang/protocol'
import type { RandomBytes } from '../../ids.ts'
import type { NewPerson } from '../../store/store.ts'
import { SYSTEM_PERSON, type Welcome } from '../communities/welcome.ts'
import type { People as Contract, Identity, SignedIn } from '../core.ts'
import type { Ground } from '../ground.ts'
import { CORE_LIMITS } from '../limits.ts'
import { normalLogin, normalName, normalPassword } from '../names.ts'
import { Recent } from '../recent.ts'
import { Refusal } from '../refusal.ts'
import { Gate } from './gate.ts'
import { isLastOperator } from './last-operator.ts'
import { PasswordHash } from './password-hash.ts'
import { looksLikeSessionToken, newSessionToken, sessionIdOf } from './session-token.ts'

type Request<Name extends 'register' | 'signIn' | 'adopt'> = Parameters<Contract[Name]>[0]

/** Somebody whom another system vouches for, and when they were looked up, in ms of a clock that never goes back. */
interface Adopted {
  readonly person: Person
  readonly at: number
}

/** No login that anybody can register: those have no colon. */
const KEEPER_LOGIN = 'madang:installation'

export interface PeopleParts {
  readonly welcome: Welcome
  readonly randomBytes: RandomBytes
  readonly guests: boolean
  readonly passwords?: PasswordHash
}

export class People implements Contract {
  readonly #ground: Ground
  readonly #welcome: Welcome
  readonly #randomBytes: RandomBytes
  readonly #guests: boolean
  readonly #passwords: PasswordHash
  readonly #gate = new Gate({
    runningMax: CORE_LIMITS.passwordHashesRunningMax,
    waitingMax: CORE_LIMITS.passwordHashesWaitingMax,
    retryAfterMs: CORE_LIMITS.passwordRetryMs,
    limit: 'passwordHashesWaitingMax',
  })
  /** By external id. A person's id never changes, and whoever comes under another name, or after a while, is looked up anew. */
  readonly #adopted = new Recent<string, Adopted>(CORE_LIMITS.adoptedPersonsMax)

  constructor(ground: Ground, parts: PeopleParts) {
    this.#ground = ground
    this.#welcome = parts.welcome
    this.#randomBytes = parts.randomBytes
    this.#guests = parts.guests
    this.#passwords = parts.passwords ?? new PasswordHash(parts.randomBytes)
  }

  async guest(name: string): Promise<SignedIn> {
    if (!this.#guests) throw new Refusal('guests_disabled')
    const person: Person = { id: this.#ground.newId(), name: normalName(name), kind: 'guest' }
    await this.#create(person)
    return this.#signedIn(person)
  }

  async register(what: Request<'register'>): Promise<SignedIn> {
    const login = normalLogin(what.login)
    const person: Person = {
      id: this.#ground.newId(),
      name: normalName(what.name),
      kind: 'account',
    }
    const password = normalPassword(what.password)
    const passwordHash = await this.#gate.pass(() => this.#passwords.hash(password))
    await this.#create(person, { login, passwordHash })
    return this.#signedIn(person)
  }

  async signIn(what: Request<'signIn'>): Promise<SignedIn> {
    const known = await this.#ground.store.credentials(normalLogin(what.login))
    const password = normalPassword(what.password)
    const hash = known?.passwordHash ?? null
    const right = await this.#gate.pass(() => this.#passwords.verify(password, hash))
    if (known === null || !right) throw new Refusal('wrong_credentials')
    return this.#signedIn(known.person)
  }

  async signOut(by: Person, sessionId: string): Promise<void> {
    const { store, clock, outlet } = this.#ground
    const found = await store.session(sessionId, clock.now())
    if (found?.person.id !== by.id) return
    if (await store.deleteSession(sessionId)) {
      outlet.notify(by.id, { kind: 'signed_out', sessionId })
    }
  }

  async bySession(token: string): Promise<Identity | null> {
    if (!looksLikeSessionToken(token)) return null
    return this.bySessionId(sessionIdOf(token))
  }

  async bySessionId(sessionId: string): Promise<Identity | null> {
    const found = await this.#ground.store.session(sessionId, this.#ground.clock.now())
    return found && { person: found.person, sessionId, expiresAt: found.session.expiresAt }
  }

  /** Kept as the password hash of an account whose password nobody has: every store keeps those, and tells them nobody but the nodes. */
  async installationSecret(): Promise<string | null> {
    const { store, newId, clock } = this.#ground
    const known = await store.credentials(KEEPER_LOGIN).catch((error: unknown) => {
      if (isRefusal(error)) return undefined
      throw error
    })
    if (known === undefined) return null
    if (known !== null) return known.passwordHash
    const passwordHash = this.#passwords.unmatched()
    const { name, kind } = SYSTEM_PERSON
    const account = { login: KEEPER_LOGIN, passwordHash, createdAt: clock.now() }
    await store.createPerson({ id: newId(), name, kind, ...account })
    const made = await store.credentials(KEEPER_LOGIN)
    if (made === null) throw new Refusal('internal')
    return made.passwordHash
  }

  voidSessions(sessionIds: readonly string[]): Promise<readonly string[]> {
    return this.#ground.store.missingSessions(sessionIds, this.#ground.clock.now())
  }

  async adopt(what: Request<'adopt'>): Promise<Person> {
    const { externalId } = what
    const name = normalName(what.name)
    const known = this.#adopted.get(externalId)
    const { clock } = this.#ground
    const isFresh = clock.monotonic() - (known?.at ?? 0) < CORE_LIMITS.adoptedMsMax
    if (isFresh && known?.person.name === name) return known.person
    const id = this.#ground.newId()
    const createdAt = clock.now()
    const at = clock.monotonic()
    const wanted = { id, name, kind: 'account', createdAt, externalId } as const
    const person = await this.#ground.store.adoptPerson(wanted)
    if (person.id === id) await this.#welcome.admit(person)
    this.#adopted.set(externalId, { person, at })
    return person
  }

  person(id: Id): Promise<Person | null> {
    return this.#ground.store.person(id)
  }

  async disable(personId: Id, disabled: boolean): Promise<void> {
    const { store, outlet } = this.#ground
    if (disabled && (await isLastOperator(store, personId))) {
      throw new Refusal('limit_reached', { limit: 'operatorsMin' })
    }
    if ((await store.changePerson(personId, { disabled })) === null) throw new Refusal('not_found')
    outlet.notify(personId, { kind: 'disabled' })
  }

  isOperator(id: Id): Promise<boolean> {
    // A backend of a team's own need not know of operators.
    return this.#ground.store.isOperator(id).catch((error) => {
      if (isRefusal(error)) return false
      throw error
    })
  }

  async #create(person: Person, account: Partial<NewPerson> = {}): Promise<void> {
    const createdAt = this.#ground.clock.now()
    const made = await this.#ground.store.createPerson({ ...person, createdAt, ...account })
    if (!made) throw new Refusal('conflict', { field: 'login' })
    await this.#welcome.admit(person)
  }

  async #signedIn(person: Person): Promise<SignedIn> {
    const token = newSessionToken(this.#randomBytes)
    const createdAt = this.#ground.clock.now()
    const expiresAt = createdAt + LIMITS.sessionMsMax
    const id = sessionIdOf(token)
    await this.#ground.store.createSession({ id, personId: person.id, createdAt, expiresAt })
    return { person, session: { token, expiresAt } }
  }
}

const isRefusal = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'forbidden'
