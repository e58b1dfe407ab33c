/** Routes to come in, by name, by password, and to go. */
import { z } from 'zod'
import { Instant, Name } from '../ids.ts'
import { LIMITS } from '../limits.ts'
import { Person } from '../places.ts'
import { done, type Route } from './route.ts'

const session = z.object({
  person: Person,
  session: z.object({ token: z.string(), expiresAt: Instant }),
})
const login = z
  .string()
  .min(1)
  .max(LIMITS.loginCharsMax)
  .regex(/^[a-z0-9._@-]+$/)
const password = z.string().min(LIMITS.passwordCharsMin).max(LIMITS.passwordCharsMax)

export const sessionRoutes = {
  createGuest: {
    method: 'POST',
    path: '/api/guests',
    tag: 'sessions',
    auth: false,
    status: 201,
    summary: 'Come in as a guest; sets the session cookie.',
    body: z.object({ name: Name }).strict(),
    response: session,
  },
  createAccount: {
    method: 'POST',
    path: '/api/accounts',
    tag: 'sessions',
    auth: false,
    status: 201,
    summary: 'Make an account and sign in; sets the session cookie.',
    body: z.object({ login, password, name: Name }).strict(),
    response: session,
  },
  createSession: {
    method: 'POST',
    path: '/api/sessions',
    tag: 'sessions',
    auth: false,
    status: 201,
    summary: 'Sign in; sets the session cookie.',
    body: z
      .object({
        login: z.string().max(LIMITS.loginCharsMax),
        password: z.string().max(LIMITS.passwordCharsMax),
      })
      .strict(),
    response: session,
  },
  getSession: {
    method: 'GET',
    path: '/api/session',
    tag: 'sessions',
    auth: true,
    status: 200,
    summary: 'Who am I, and may I see and steer the whole installation?',
    response: z.object({ person: Person, operator: z.boolean() }),
  },
  deleteSession: {
    method: 'DELETE',
    path: '/api/session',
    tag: 'sessions',
    auth: true,
    status: 200,
    summary: 'Sign out; closes the sockets of this session.',
    response: done,
  },
} as const satisfies Record<string, Route>
