/** The contract of what `npm run load` can measure. */

export interface LoadOptions {
  /** How long each row runs, where the command leaves that open. */
  readonly durationMs: number
  /** A smoke test: whether it runs at all. */
  readonly quick: boolean
  /** Write the figures into docs/reference too. */
  readonly write: boolean
  /** Told what is going on. */
  readonly progress: (line: string) => void
}

export interface LoadCommand {
  readonly name: string
  /** One line of the help text. */
  readonly measures: string
  /** Returns what is to be printed. */
  run(options: LoadOptions): Promise<string>
}
