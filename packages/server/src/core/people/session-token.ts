/** The secret of a session: what the client holds, and what is kept of it. */
import { createHash } from 'node:crypto'
import type { RandomBytes } from '../../ids.ts'

const SECRET_BYTES = 32
const SHAPE = /^[A-Za-z0-9_-]{43}$/

/** 256 bits that nobody can guess, in base64url: 43 characters. */
export function newSessionToken(randomBytes: RandomBytes): string {
  return Buffer.from(randomBytes(SECRET_BYTES)).toString('base64url')
}

/** Whether it could be one; the rest costs nothing more. */
export const looksLikeSessionToken = (token: string): boolean => SHAPE.test(token)

/** The SHA-256 of the secret, in hex. A fast hash is enough for 256 random bits. */
export function sessionIdOf(token: string): string {
  return createHash('sha256').update(token).digest('hex')
}
