/** What a person types to come in, what is wrong with it, and which call it becomes. */
import { LIMITS, type Outcome, type Person } from '@madang/client'

import type { Rest } from '../../rest.ts'

export const MODES = ['guest', 'session', 'account'] as const
export type Mode = (typeof MODES)[number]

export interface Form {
  readonly name: string
  readonly login: string
  readonly password: string
}

export type Problem =
  | { readonly kind: 'empty' | 'loginShape' }
  | { readonly kind: 'tooLong'; readonly max: number }
  | { readonly kind: 'tooShort'; readonly min: number }

export type Problems = { readonly [Field in keyof Form]?: Problem }

const LOGIN_SHAPE = /^[a-z0-9._@-]+$/

function problemOfName(name: string): Problem | undefined {
  if (name.trim() === '') return { kind: 'empty' }
  if (name.trim().length > LIMITS.nameCharsMax) return { kind: 'tooLong', max: LIMITS.nameCharsMax }
  return undefined
}

function problemOfLogin(login: string): Problem | undefined {
  if (login === '') return { kind: 'empty' }
  if (login.length > LIMITS.loginCharsMax) return { kind: 'tooLong', max: LIMITS.loginCharsMax }
  return LOGIN_SHAPE.test(login) ? undefined : { kind: 'loginShape' }
}

function problemOfPassword(mode: Mode, password: string): Problem | undefined {
  if (password === '') return { kind: 'empty' }
  if (mode === 'account' && password.length < LIMITS.passwordCharsMin) {
    return { kind: 'tooShort', min: LIMITS.passwordCharsMin }
  }
  if (password.length > LIMITS.passwordCharsMax) {
    return { kind: 'tooLong', max: LIMITS.passwordCharsMax }
  }
  return undefined
}

/** Empty where the form may be sent. */
export function problemsOf(mode: Mode, form: Form): Problems {
  const found = {
    name: mode === 'session' ? undefined : problemOfName(form.name),
    login: mode === 'guest' ? undefined : problemOfLogin(form.login),
    password: mode === 'guest' ? undefined : problemOfPassword(mode, form.password),
  }
  return Object.fromEntries(Object.entries(found).filter(([, problem]) => problem !== undefined))
}

export function comeIn(rest: Rest, mode: Mode, form: Form): Promise<Outcome<{ person: Person }>> {
  const { login, password } = form
  const name = form.name.trim()
  switch (mode) {
    case 'guest':
      return rest.call('createGuest', { body: { name } })
    case 'session':
      return rest.call('createSession', { body: { login, password } })
    case 'account':
      return rest.call('createAccount', { body: { login, password, name } })
  }
}
