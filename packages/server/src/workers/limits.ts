/** The bounds of the workers of one host. */
export const WORKER_LIMITS = {
  /** From the fork until a worker says that it is ready, in ms; past it the worker is killed, and counts as one that could not start. */
  startMsMax: 60_000,
  /** From the order to leave until the exit, in ms: a little more than a node allows itself, and within the 30 s that orchestrators give the host. */
  leaveMsMax: 29_400,
  /** The waits before a worker is replaced, in ms: jittered, doubling with each failure in a row. The first is short: one crash is an accident. */
  retryMsMin: 250,
  retryMsMax: 30_000,
  /** A worker that served so long was healthy, in ms: its end is the first failure again. */
  healthyMsMin: 60_000,
  /** Starts that fail before any worker was ever ready; then the primary gives up. */
  startFailuresMax: 3,
  /** How long a scrape waits for the other workers, in ms; what is later is left out of it. */
  pagesMsMax: 2_000,
} as const
