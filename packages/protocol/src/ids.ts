/** Identifiers, names and numbers that every other schema is made of. */
import { z } from 'zod'
import { LIMITS } from './limits.ts'

/** A UUID in lower case; version 7 where the server makes it. Order is never read from it: that is what `seq` is for. */
export const Id = z.string().regex(/^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/)
export type Id = z.infer<typeof Id>

/** The client's own name for a request that must happen once; unique per author. */
export const ClientId = z
  .string()
  .regex(new RegExp(`^[A-Za-z0-9_-]{1,${LIMITS.clientIdCharsMax}}$`))
export type ClientId = z.infer<typeof ClientId>

/** An event's place in its channel's log: 1, 2, 3, ... */
export const Seq = z.number().int().min(1).max(Number.MAX_SAFE_INTEGER)
export type Seq = z.infer<typeof Seq>

/** The last seq of a log, or that a reader has; 0 is "none yet". */
export const Head = z.number().int().min(0).max(Number.MAX_SAFE_INTEGER)

/** Milliseconds since 1970, UTC. For people's eyes only: order is the seq's. */
export const Instant = z.number().int().min(0).max(Number.MAX_SAFE_INTEGER)

/** Changes when a log was lost and restored; a cursor of another epoch is void. */
export const Epoch = z.string().regex(/^[a-z0-9]{1,16}$/)

/**
 * Where a reader is in a channel: a seq of the present epoch, a seq with its epoch, or null for "nothing yet: the latest page, please".
 */
export const Cursor = z.union([Head, z.object({ seq: Head, epoch: Epoch }).strict(), z.null()])
export type Cursor = z.infer<typeof Cursor>

// Control characters and line separators break logs and terminals, bidirectional controls disguise names, and PostgreSQL stores no NUL.
export const HIDDEN_CHARACTER = /[\p{Cc}\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff]/u
// Fillers, joiners and blank Braille: a name of them alone could not be seen.
const BLANK = /^[\s\p{Default_Ignorable_Code_Point}\u2800]*$/u
const wellFormed = (text: string): boolean => text.isWellFormed()

/** A name that people see: one line, no control or direction characters, with something to see in it. */
export const Name = z
  .string()
  .min(1)
  .max(LIMITS.nameCharsMax)
  .refine((name) => name.trim() === name, 'has space at an end')
  .refine((name) => !HIDDEN_CHARACTER.test(name), 'has hidden characters')
  .refine((name) => !BLANK.test(name), 'shows nothing')
  .refine(wellFormed, 'is not well-formed Unicode')

/** What a person wrote: any text with something in it, but for NUL and lone surrogates, which no store keeps faithfully. */
export const Text = z
  .string()
  .min(1)
  .max(LIMITS.textCharsMax)
  .refine((text) => text.trim() !== '', 'is only space')
  .refine((text) => !text.includes('\u0000'), 'has a NUL character')
  .refine(wellFormed, 'is not well-formed Unicode')
