/** One thing that the doctor found, and what to do about it. */

export interface Finding {
  /** `error`: the server does not start, loses something, or keeps people out; `warning`: it works, and will hurt one day. */
  readonly severity: 'error' | 'warning'
  /** Kebab-case; the same finding has the same code in every version. */
  readonly code: string
  /** What is so. */
  readonly text: string
  /** What to do about it. */
  readonly remedy: string
}

export const error = (code: string, text: string, remedy: string): Finding => ({
  ...{ severity: 'error', code, text, remedy },
})

export const warning = (code: string, text: string, remedy: string): Finding => ({
  ...{ severity: 'warning', code, text, remedy },
})
