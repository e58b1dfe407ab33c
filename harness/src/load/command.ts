/** The contract of what `npm run load` can measure. */
import type { StoreName } from './stores.ts'

export interface LoadOptions {
  /** How long each row runs, where the command leaves that open. */
  readonly durationMs: number
  /** Those of `append` and `server`. */
  readonly stores: readonly StoreName[]
  /** A smoke test: whether it runs at all. */
  readonly quick: boolean
  /** Write the figures into docs/reference too. */
  readonly write: boolean
  /** What `artillery` plays. */
  readonly files: readonly string[]
  /** A server that runs already, for `artillery`; undefined: one of its own. */
  readonly target: string | undefined
  /** Told what is going on. */
  readonly progress: (line: string) => void
}

export interface LoadCommand {
  readonly name: string
  /** One line of the help text. */
  readonly measures: string
  run(options: LoadOptions): Promise<LoadResult>
}

export interface LoadResult {
  /** What is to be printed. */
  readonly text: string
  /** False where something is missing from the figures; `progress` was told what. */
  readonly isWhole: boolean
}
