/** What a route of the HTTP API is, and the shapes that several routes share. */
import { z } from 'zod'
import { Id, Seq } from '../ids.ts'
import { LIMITS } from '../limits.ts'
import { Person } from '../places.ts'

export interface Route {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  readonly path: string
  readonly tag: string
  readonly summary: string
  /** Whether a session or token is needed. */
  readonly auth: boolean
  /** For operators alone. */
  readonly operator?: true
  readonly status: number
  readonly params?: z.ZodObject
  readonly query?: z.ZodObject
  readonly body?: z.ZodObject
  readonly response: z.ZodType
  /** Of the answer, where it is a text and no JSON. */
  readonly type?: string
}

export const communityId = z.object({ communityId: Id })
export const channelId = z.object({ channelId: Id })
export const communityMember = z.object({ communityId: Id, personId: Id })
export const channelMember = z.object({ channelId: Id, personId: Id })
export const message = z.object({ channelId: Id, seq: z.coerce.number().pipe(Seq) })
export const page = z.object({
  after: z.string().max(128).optional(),
  limit: z.coerce.number().int().min(1).max(LIMITS.membersPageMax).optional(),
})
/** People who are kept out. */
export const bans = z.object({ banned: z.array(Person), next: z.string().optional() })
export const reason = z.string().max(LIMITS.reasonCharsMax).optional()
export const appended = z.object({ seq: Seq })
export const done = z.object({})
