/** Holds a value that came from outside against a schema, and never throws. */
import { ZodError, type z } from 'zod'

export type Checked<T> =
  | { readonly success: true; readonly data: T }
  | { readonly success: false; readonly error: ZodError }

/**
 * As zod's `safeParse`, but total: zod compares the `length` of whatever it is handed with a bound, and an object whose `length` cannot become a number, such as
 * `{"length": {"toString": {}}}`, makes that throw. Such a value matches no schema of ours.
 */
export function check<S extends z.ZodType>(schema: S, value: unknown): Checked<z.output<S>> {
  try {
    return schema.safeParse(value)
  } catch {
    const message = 'is not a value of this kind'
    return {
      success: false,
      error: new ZodError([{ code: 'custom', path: [], message, input: value }]),
    }
  }
}
