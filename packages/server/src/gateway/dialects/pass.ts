/** Makes and checks the `pid` that stock clients come back with: signed, so that any node can tell that it was made here, for whom and until when. */
import { createHash, createHmac, hkdfSync, timingSafeEqual } from 'node:crypto'
import type { Id } from '@madang/protocol'
import type { Clock } from '../../clock.ts'
import type { RandomBytes } from '../../ids.ts'

/**
 * `guest`: it says who they are, by the session that was made for them. `person`: a token or cookie says so, and this only that they come back.
 */
export type Holder =
  | { readonly kind: 'guest'; readonly sessionId: string }
  | { readonly kind: 'person'; readonly personId: Id }

/** What a pass is good for. */
export interface Use {
  /** The same words have to be said when it is read. */
  readonly context: string
  /** The browser that it was given to, as it names itself; empty where it does not, as with some transports. Another one may not come back with it. */
  readonly agent: string
}

export interface PassesParts {
  /** The first signs; a pass that any of them signed is good. */
  readonly secrets: readonly [string, ...string[]]
  readonly clock: Clock
  readonly randomBytes: RandomBytes
}

const KINDS = { guest: 1, person: 2 } as const
const SUBJECT_BYTES = { guest: 32, person: 16 } as const
/** The kind, the expiry, and what is kept of the browser's name: nothing but zeros where it has none. */
const AGENT_BYTES = 4
const HEAD_BYTES = 1 + 6 + AGENT_BYTES
/** So that no two passes are the same: a client takes the same one for having been recovered. */
const NONCE_BYTES = 6
const MAC_BYTES = 16
const PASS_CHARS_MAX = 128

export class Passes {
  readonly #keys: readonly Buffer[]
  readonly #clock: Clock
  readonly #randomBytes: RandomBytes

  constructor({ secrets, clock, randomBytes }: PassesParts) {
    this.#keys = secrets.map((secret) =>
      Buffer.from(hkdfSync('sha256', secret, '', 'madang recovery', 32)),
    )
    this.#clock = clock
    this.#randomBytes = randomBytes
  }

  issue(holder: Holder, { context, agent }: Use, expiresAt: number): string {
    const head = Buffer.alloc(HEAD_BYTES)
    head[0] = KINDS[holder.kind]
    head.writeUIntBE(Math.floor(expiresAt), 1, 6)
    head.set(tagOf(agent), 1 + 6)
    const subject = holder.kind === 'guest' ? holder.sessionId : holder.personId.replaceAll('-', '')
    const body = Buffer.concat([
      head,
      Buffer.from(subject, 'hex'),
      Buffer.from(this.#randomBytes(NONCE_BYTES)),
    ])
    const [key] = this.#keys
    return Buffer.concat([body, mac(key, body, context)]).toString('base64url')
  }

  /** Undefined for whatever is not one of ours, for this use, and still good. Costs one hash for each secret, and never a look at the store. */
  read(text: unknown, { context, agent }: Use): Holder | undefined {
    if (typeof text !== 'string' || text.length > PASS_CHARS_MAX) return undefined
    const bytes = Buffer.from(text, 'base64url')
    const body = bytes.subarray(0, -MAC_BYTES)
    const shown = bytes.subarray(-MAC_BYTES)
    if (shown.length !== MAC_BYTES || body.length <= HEAD_BYTES) return undefined
    const good = this.#keys.filter((key) => timingSafeEqual(mac(key, body, context), shown))
    if (good.length === 0 || body.readUIntBE(1, 6) <= this.#clock.now()) return undefined
    const tag = body.subarray(1 + 6, HEAD_BYTES)
    const isNamed = agent !== '' && tag.some((byte) => byte !== 0)
    return isNamed && !tag.equals(tagOf(agent)) ? undefined : holderOf(body)
  }
}

function tagOf(agent: string): Buffer {
  if (agent === '') return Buffer.alloc(AGENT_BYTES)
  return createHash('sha256').update(agent).digest().subarray(0, AGENT_BYTES)
}

function mac(key: Buffer | undefined, body: Buffer, context: string): Buffer {
  const hmac = createHmac('sha256', key ?? '')
  return hmac.update(body).update(context).digest().subarray(0, MAC_BYTES)
}

function holderOf(body: Buffer): Holder | undefined {
  const subject = body.subarray(HEAD_BYTES, -NONCE_BYTES)
  const hex = subject.toString('hex')
  if (body[0] === KINDS.guest && subject.length === SUBJECT_BYTES.guest) {
    return { kind: 'guest', sessionId: hex }
  }
  if (body[0] !== KINDS.person || subject.length !== SUBJECT_BYTES.person) return undefined
  return {
    kind: 'person',
    personId: hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5'),
  }
}
