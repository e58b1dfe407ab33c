/** How long a node waits for an answer of its API process, in ms. The group commit behind it takes milliseconds; the rest is for a process that is busy or moves. */
export const DEADLINES = {
  /** Readiness asks it, and waits 2 s. */
  pingMsMax: 1_500,
  readMsMax: 5_000,
  /** Shorter than a client's patience with an acknowledgement, which is 10 s. */
  writeMsMax: 8_000,
} as const
