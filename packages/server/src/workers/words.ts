/** What the primary and its workers say to each other, over the channel that Node opens between them. Both are of the same host; a reload may make one older than the other. */

/** How the workers of this host are, as the primary sees them. */
export interface FleetFacts {
  readonly wanted: number
  readonly starting: number
  readonly ready: number
  readonly leaving: number
  /** Workers that were replaced because they ended by themselves, since the primary's start. */
  readonly replaced: number
  /** The whole host stops. */
  readonly stopping: boolean
}

/** One worker's metrics. */
export interface WorkerPage {
  readonly worker: number
  readonly body: string
}

export type ToWorker =
  | { readonly madang: 'facts'; readonly facts: FleetFacts }
  /** `retire`: others of the host serve on. */
  | { readonly madang: 'leave'; readonly how: 'retire' | 'stop' }
  /** It is to take no new connection, and to serve on until it is told to leave. */
  | { readonly madang: 'shut' }
  | { readonly madang: 'page'; readonly question: number }
  /** The answer to `pages`. */
  | { readonly madang: 'pages'; readonly question: number; readonly pages: readonly WorkerPage[] }

export type ToPrimary =
  | { readonly madang: 'ready'; readonly url: string }
  /** It was told to stop by a signal of its own. */
  | { readonly madang: 'told' }
  | { readonly madang: 'page'; readonly question: number; readonly body: string }
  /** Asks for the pages of the others. */
  | { readonly madang: 'pages'; readonly question: number }

const isWord = (said: unknown): said is { readonly madang: string } =>
  typeof said === 'object' && said !== null && 'madang' in said && typeof said.madang === 'string'

/** Whether a message of the channel is ours: libraries may use it too. */
export const isToWorker = (said: unknown): said is ToWorker => isWord(said)
export const isToPrimary = (said: unknown): said is ToPrimary => isWord(said)
