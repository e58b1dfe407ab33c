/**
 * The counts part of the store's contract: what happened when, and how the nodes were. It is no truth: it may be missing, and nothing waits for it. A value stands for
 * itself, not for a change, so that the same one may be written again.
 */

export interface StatRow {
  /** When the time that it counts began, in ms since 1970. */
  readonly at: number
  /** The process that counted; 1 to 100 characters. */
  readonly node: string
  /** What was counted, such as `messages.text` or `cpu`; 1 to 64 characters. */
  readonly name: string
  readonly value: number
}

export interface StatsRequest {
  readonly from: number
  /** Not included. */
  readonly to: number
  /** Values of each name are taken together over so many ms. */
  readonly stepMs: number
  /** `sum` over all nodes, which are not told then; or the average of each node. */
  readonly as: 'sum' | 'average'
  /** The names that are wanted begin with one of these. */
  readonly names: readonly string[]
  /** Rows at most; the latest. */
  readonly limit: number
}

export interface StatsStore {
  /** Writes each row in place of the one of the same time, node and name, and forgets all before `forgetBefore`. */
  writeStats(rows: readonly StatRow[], forgetBefore: number): Promise<void>
  /** In the order of time, node and name. `node` is empty for sums. */
  stats(request: StatsRequest): Promise<readonly StatRow[]>
}
