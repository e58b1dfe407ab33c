/** Hashes passwords, off the event loop. What is kept says how it was made, so that the parameters can be raised later. */
import { argon2, argon2Sync, scrypt, timingSafeEqual } from 'node:crypto'
import type { RandomBytes } from '../../ids.ts'

/** One way to derive a key from a password. */
export interface PasswordScheme {
  /** The beginning of what is kept, with the parameters. */
  readonly prefix: string
  derive(password: string, salt: Uint8Array): Promise<Uint8Array>
}

const SALT_BYTES = 16
const KEY_BYTES = 32

/** The first choice of OWASP's password storage sheet: 19 MiB, 2 passes, 1 lane. */
const ARGON2 = { memory: 19_456, passes: 2, parallelism: 1, tagLength: KEY_BYTES } as const

const argon2id: PasswordScheme = {
  prefix: `$argon2id$v=19$m=${ARGON2.memory},t=${ARGON2.passes},p=${ARGON2.parallelism}$`,
  derive(password, nonce) {
    return new Promise((resolve, reject) => {
      argon2('argon2id', { message: password, nonce, ...ARGON2 }, (error, key) =>
        error ? reject(error) : resolve(key),
      )
    })
  },
}

/** 32 MiB: 128 bytes × N × r. */
const SCRYPT = { N: 2 ** 15, r: 8, p: 3, maxmem: 64 * 1024 * 1024 } as const

const scryptScheme: PasswordScheme = {
  prefix: `$scrypt$ln=15,r=${SCRYPT.r},p=${SCRYPT.p}$`,
  derive(password, salt) {
    return new Promise((resolve, reject) => {
      scrypt(password, salt, KEY_BYTES, SCRYPT, (error, key) =>
        error ? reject(error) : resolve(key),
      )
    })
  },
}

/** The best first. */
export const SCHEMES: readonly [PasswordScheme, ...PasswordScheme[]] = [argon2id, scryptScheme]

/** Whether this build of Node can do Argon2: older ones, and those with an OpenSSL before 3.2, cannot. */
function hasArgon2(): boolean {
  try {
    const message = new Uint8Array(1)
    const nonce = new Uint8Array(SALT_BYTES)
    argon2Sync('argon2id', { message, nonce, memory: 8, passes: 1, parallelism: 1, tagLength: 4 })
    return true
  } catch {
    return false
  }
}

export const bestScheme = (): PasswordScheme => (hasArgon2() ? argon2id : scryptScheme)

const encode = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64url')

export class PasswordHash {
  readonly #scheme: PasswordScheme
  readonly #randomBytes: RandomBytes
  readonly #schemes: readonly PasswordScheme[]

  constructor(
    randomBytes: RandomBytes,
    scheme: PasswordScheme = bestScheme(),
    schemes: readonly PasswordScheme[] = SCHEMES,
  ) {
    this.#randomBytes = randomBytes
    this.#scheme = scheme
    this.#schemes = schemes
  }

  /** `$scheme$parameters$salt$key`. */
  async hash(password: string): Promise<string> {
    const salt = this.#randomBytes(SALT_BYTES)
    const key = await this.#scheme.derive(password, salt)
    return `${this.#scheme.prefix}${encode(salt)}$${encode(key)}`
  }

  /** A hash of no password that anybody knows; at no cost. */
  unmatched(): string {
    const [salt, key] = [this.#randomBytes(SALT_BYTES), this.#randomBytes(KEY_BYTES)]
    return `${this.#scheme.prefix}${encode(salt)}$${encode(key)}`
  }

  /**
   * Whether the password is the one that was hashed. Null stands for somebody who has none, and costs as much as a wrong password. Rejects where the hash
   * was made in a way that is not known here.
   */
  async verify(password: string, hash: string | null): Promise<boolean> {
    const { scheme, salt, key } = this.#parse(hash ?? this.#decoy())
    const derived = await scheme.derive(password, salt)
    const equal = derived.byteLength === key.byteLength && timingSafeEqual(derived, key)
    return equal && hash !== null
  }

  #decoy(): string {
    return `${this.#scheme.prefix}${encode(new Uint8Array(SALT_BYTES))}$${encode(new Uint8Array(KEY_BYTES))}`
  }

  #parse(hash: string): { scheme: PasswordScheme; salt: Uint8Array; key: Uint8Array } {
    const scheme = this.#schemes.find(({ prefix }) => hash.startsWith(prefix))
    const [salt, key] = hash.slice(scheme?.prefix.length).split('$')
    if (scheme === undefined || salt === undefined || key === undefined) {
      throw new Error('a password hash of an unknown scheme')
    }
    return { scheme, salt: Buffer.from(salt, 'base64url'), key: Buffer.from(key, 'base64url') }
  }
}
