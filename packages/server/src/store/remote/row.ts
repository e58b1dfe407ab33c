/** What one row of the table of methods says: from it follow the caller, the server, the reference, and what a team's own backend has to answer. */
import { Id } from '@madang/protocol'
import { z } from 'zod'
import type { Store } from '../store.ts'

/** Every method of the store's contract that is a question to the truth. A new one is a missing row, which the compiler tells. */
export type MethodName = Exclude<keyof Store, 'name' | 'start' | 'stop'>
type Value<N extends MethodName> = Awaited<ReturnType<Store[N]>>

export interface Facts {
  /** For whoever implements it. */
  readonly summary: string
  /** `optional`: a backend that keeps people and places its own way may leave it out, and answers 501. */
  readonly need: 'required' | 'optional'
  /** How long a caller waits for the answer, in ms. */
  readonly deadlineMs: number
  /** Whether a request that found no answer may be made a second time; `once`: where every entry has a client id. */
  readonly repeats: 'always' | 'once' | 'never'
  /** The one argument is a list that is answered item by item: calls of the same moment share requests of so many items. */
  readonly itemsMax?: number
}

export interface Method extends Facts {
  /** The names of the method's arguments in their order: the keys of the body. */
  readonly takes: readonly string[]
  readonly request: z.ZodObject
  readonly result: z.ZodType
  /** Between the method's value and JSON, where they differ. */
  toJson(value: unknown): unknown
  fromJson(json: unknown): unknown
}

type Outputs<Q extends z.ZodRawShape, K extends readonly (keyof Q)[]> = {
  readonly [I in keyof K]: z.output<Q[K[I]]>
}
type Fitting<N extends MethodName, Q extends z.ZodRawShape, K extends readonly (keyof Q)[]> =
  Outputs<Q, K> extends Readonly<Parameters<Store[N]>> ? unknown : 'does not fit the method'

const same = (value: unknown): unknown => value

/** The row of a method whose value is JSON as it is. That its schemas give what the method takes and answers, the compiler checks. */
export function row<N extends MethodName>() {
  return <
    Q extends z.ZodRawShape,
    const K extends readonly (keyof Q & string)[],
    R extends z.ZodType<Value<N>>,
  >(
    takes: K & Fitting<N, Q, K>,
    request: Q,
    result: R,
    facts: Facts,
  ): Method => ({
    ...facts,
    takes,
    request: z.object(request),
    result,
    toJson: same,
    fromJson: same,
  })
}

/** The row of a method that answers with a map by id; in JSON that is an object. */
export function mapRow<N extends MethodName>() {
  return <
    Q extends z.ZodRawShape,
    const K extends readonly (keyof Q & string)[],
    V extends z.ZodType,
  >(
    takes: K & Fitting<N, Q, K>,
    request: Q,
    values: ReadonlyMap<string, z.output<V>> extends Value<N> ? V : never,
    facts: Facts,
  ): Method => ({
    ...facts,
    takes,
    request: z.object(request),
    result: z.record(Id, values),
    toJson: (value) => (value instanceof Map ? Object.fromEntries(value) : value),
    fromJson: (json) => new Map(Object.entries(json ?? {})),
  })
}

/** The row of a method that answers nothing; in JSON that is null. */
export function silentRow<N extends MethodName>() {
  return <Q extends z.ZodRawShape, const K extends readonly (keyof Q & string)[]>(
    takes: K & Fitting<N, Q, K>,
    request: Q,
    facts: Facts,
  ): Method => ({
    ...facts,
    takes,
    request: z.object(request),
    result: z.null(),
    toJson: () => null,
    fromJson: () => undefined,
  })
}
