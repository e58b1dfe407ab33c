/** What the API tells an operator: counts for metrics, and faults for the log. Must not throw. */
import type { ErrorCode } from '@madang/protocol'

export interface ApiReport {
  /** `route` is the pattern, never the path that was asked for: paths hold ids. */
  answered(facts: {
    readonly method: string
    readonly route: string
    readonly status: number
    readonly tookMs: number
  }): void
  refused(code: ErrorCode): void
  fault(error: unknown, facts: { readonly method: string; readonly route: string }): void
}
