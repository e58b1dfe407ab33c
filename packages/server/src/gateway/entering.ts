/** Finds out who a client is and where it was: once for all of its namespaces. */
import type { Authenticated, Authenticator, Credentials } from '../auth/authenticator.ts'
import type { Clock } from '../clock.ts'
import type { Core } from '../core/core.ts'
import { Refusal } from '../core/refusal.ts'
import type { RandomBytes } from '../ids.ts'
import type { Belongings } from '../store/store.ts'
import type { Client } from './clients.ts'
import { readOffset } from './dialects/offset.ts'
import { type Holder, Passes, type Use } from './dialects/pass.ts'
import { type Resumption, resumptionOf } from './dialects/resumption.ts'
import type { Manner } from './manner.ts'
import type { Settings } from './settings.ts'
import type { Handshake } from './wire.ts'

export interface EnteringParts {
  readonly core: Core
  readonly auth: Authenticator
  readonly clock: Clock
  readonly settings: Settings
}

/** What a client showed to say who it is. */
export interface Shown {
  readonly handshake: Handshake
  readonly manner: Manner
  readonly credentials: Credentials
  /** Somebody new is about to be made. Throws `Refusal` where there were too many. */
  readonly newcomer: () => void
}

/** What a stock client is to come back with, and where it goes on where it came back. */
export interface Return {
  readonly pid: string
  readonly resumption?: Resumption
}

const GUEST_NAME_BYTES = 3
const SECRET_BYTES = 32

export class Entering {
  readonly #parts: EnteringParts
  readonly #randomBytes: RandomBytes
  #passes: Promise<Passes> | undefined

  constructor(parts: EnteringParts) {
    this.#parts = parts
    this.#randomBytes = parts.settings.randomBytes
  }

  /** The pass that a stock client showed, if it is one of ours for this very use. */
  async holder({ handshake, manner }: Shown, client: Client): Promise<Holder | undefined> {
    const { pid } = recovery(handshake)
    if (pid === undefined || manner.speech === 'native') return undefined
    return (await this.#ring()).read(pid, useOf(handshake, manner, client))
  }

  /** Asked once for each client; another namespace that shows something else is refused. */
  identify(shown: Shown, holder: Holder | undefined, client: Client): Promise<Authenticated> {
    const { token = '' } = shown.credentials
    client.shown ??= token
    if (client.shown !== token) return Promise.reject(new Refusal('unauthenticated'))
    client.identity ??= this.#identify(shown, holder).catch((error) => {
      // Who is refused stays so; where the store was away, the next namespace asks again.
      if (!(error instanceof Refusal)) client.identity = undefined
      throw error
    })
    return client.identity
  }

  async return(
    shown: Shown,
    client: Client,
    holder: Holder | undefined,
    identity: Authenticated,
    belongings: Belongings,
  ): Promise<Return | undefined> {
    const { handshake, manner } = shown
    if (manner.speech === 'native') return undefined
    const { pid, offset } = recovery(handshake)
    const comesBack = holder !== undefined && isOf(holder, identity)
    const where = comesBack ? readOffset(offset) : undefined
    const resumption = where && resumptionOf(where, belongings.channels)
    if (pid !== undefined && resumption?.complete) return { pid, resumption }
    const use = useOf(handshake, manner, client)
    const fresh = (await this.#ring()).issue(
      holderOf(shown, identity),
      use,
      identity.expiresAt ?? this.#parts.clock.now() + this.#parts.settings.limits.sessionMsMax,
    )
    return { pid: fresh, ...(resumption && { resumption }) }
  }

  async #identify({ credentials, manner, newcomer }: Shown, holder: Holder | undefined) {
    const { core, auth } = this.#parts
    const shows = credentials.token !== undefined || credentials.cookie !== undefined
    if (!shows && holder?.kind === 'guest') {
      const identity = await core.people.bySessionId(holder.sessionId)
      if (identity !== null) return identity
    }
    if (!shows) newcomer()
    const made = manner.nameless && !shows ? this.#newName() : undefined
    return auth.identify({ ...credentials, guestName: credentials.guestName ?? made })
  }

  #newName(): string {
    return `guest-${Buffer.from(this.#randomBytes(GUEST_NAME_BYTES)).toString('hex')}`
  }

  /** The keys are the operator's, or else what the nodes of this store have in common. */
  #ring(): Promise<Passes> {
    this.#passes ??= this.#makeRing().catch((error) => {
      this.#passes = undefined
      throw error
    })
    return this.#passes
  }

  async #makeRing(): Promise<Passes> {
    const { core, clock, settings } = this.#parts
    const [configured, ...previous] = settings.secrets
    // A backend that keeps no accounts keeps no secret either: then a pass is good on the node that gave it.
    const own = () => Buffer.from(this.#randomBytes(SECRET_BYTES)).toString('base64url')
    const first = configured ?? (await core.people.installationSecret()) ?? own()
    return new Passes({ secrets: [first, ...previous], clock, randomBytes: this.#randomBytes })
  }
}

/** What Socket.IO's recovery protocol puts into `auth`. */
function recovery({ auth }: Handshake): { pid: string | undefined; offset: unknown } {
  if (typeof auth !== 'object' || auth === null) return { pid: undefined, offset: undefined }
  const { pid, offset }: { pid?: unknown; offset?: unknown } = auth
  return { pid: typeof pid === 'string' ? pid : undefined, offset }
}

/** A pass is good where it was given, and with the browser that it was given to. */
function useOf({ namespace }: Handshake, { speech }: Manner, { agent }: Client): Use {
  return { context: `${speech} ${namespace}`, agent }
}

function isOf(holder: Holder, { person, sessionId }: Authenticated): boolean {
  return holder.kind === 'guest' ? holder.sessionId === sessionId : holder.personId === person.id
}

/** A guest that was made here has nothing else to show; whoever showed a token or cookie shows it again. */
function holderOf({ credentials }: Shown, { person, sessionId }: Authenticated): Holder {
  const shows = credentials.token !== undefined || credentials.cookie !== undefined
  return shows || sessionId === undefined
    ? { kind: 'person', personId: person.id }
    : { kind: 'guest', sessionId }
}
