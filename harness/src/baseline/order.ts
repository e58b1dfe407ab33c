/** What the processes of the baseline tell each other. */

/** The adapters that the baseline is played with; see `bytes/attach-stock.ts`. */
export type BaselineAdapter = 'stock-redis' | 'stock-streams'

export interface ServerOrder {
  readonly adapter: BaselineAdapter
  readonly redisUrl: string
  /** 0: any free one. */
  readonly port: number
}

export interface Said {
  readonly id: string
  readonly from: string
}

/** How long what a client missed is kept for it, in ms: the two minutes of the documentation. */
export const RECOVERY_MS_MAX = 120_000
