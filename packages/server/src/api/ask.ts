/** What a handler is asked and what it answers, for each row of protocol's table of routes; no HTTP in it. */
import type { Person, ROUTES, RouteName } from '@madang/protocol'
import type { z } from 'zod'

type Routes = typeof ROUTES

/** A part of the request, as its schema leaves it; an optional entry is absent, never undefined. */
type Part<N extends RouteName, P extends 'params' | 'query' | 'body'> =
  Routes[N] extends Record<P, infer S extends z.ZodType> ? WithoutUndefined<z.output<S>> : undefined

type WithoutUndefined<T> = { readonly [K in keyof T]: Exclude<T[K], undefined> }

type Readonlies<T> = T extends readonly (infer E)[]
  ? readonly Readonlies<E>[]
  : T extends object
    ? { readonly [K in keyof T]: Readonlies<T[K]> }
    : T

export interface Ask<N extends RouteName> {
  /** Who asks. Only where the route needs somebody. */
  readonly by: Routes[N]['auth'] extends true ? Person : undefined
  /** Where they came in by a session that is kept here. */
  readonly sessionId: string | undefined
  readonly params: Part<N, 'params'>
  readonly query: Part<N, 'query'>
  readonly body: Part<N, 'body'>
}

export type Answer<N extends RouteName> = Readonlies<z.output<Routes[N]['response']>>

export type Handlers<N extends RouteName = RouteName> = {
  readonly [Name in N]: (ask: Ask<Name>) => Promise<Answer<Name>>
}
