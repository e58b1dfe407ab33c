/** What an operator sees of a drain: a value to read, for the metrics, a page and a command line. */

/** What became of one connection; what each means stands in the table of metrics. */
export type DrainStage = 'told' | 'moved' | 'left' | 'closed' | 'stayed' | 'cut'

export interface DrainProgress {
  /** `drained`: nobody is there any more, and what was asked was answered or had its time. */
  readonly state: 'ready' | 'draining' | 'drained'
  /** Connections that are there, of how many; 0 of 0 before a drain. */
  readonly left: number
  readonly of: number
  /** When the state began, in ms since 1970; undefined while it is `ready`. */
  readonly since: number | undefined
  /** From the beginning of the drain till now, or till its end, in ms. */
  readonly tookMs: number
  readonly stages: Readonly<Record<DrainStage, number>>
}

export const NO_STAGES: Readonly<Record<DrainStage, number>> = {
  told: 0,
  moved: 0,
  left: 0,
  closed: 0,
  stayed: 0,
  cut: 0,
}

export const NOT_DRAINING: DrainProgress = {
  state: 'ready',
  left: 0,
  of: 0,
  since: undefined,
  tookMs: 0,
  stages: NO_STAGES,
}
