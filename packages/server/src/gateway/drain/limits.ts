/** The bounds and times of a drain, each with the reason for its number. */
export const DRAIN_LIMITS = {
  /** How often it is decided who goes next, in ms: often enough that nobody sees steps, and cheap. */
  tickMs: 100,
  /** Movers that are under way at first, at the least, and at the most. TCP begins with 10 segments (RFC 6928); a tab more or less is nothing to a node. */
  windowFirst: 16,
  windowMin: 4,
  windowMax: 2_000,
  /** What a mover is told: it connects elsewhere in the first half of this, in ms, at random. The window is the pace; this only keeps those of one tick apart. */
  slotMs: 1_000,
  /** Who was told so long ago and is here, in ms, stays: half a slot, a handshake over a slow network, and the time to let go. */
  moveMsMax: 2_000,
  /** The window shrinks where one in so many of those under way stay. */
  stayingShare: 4,
  /** How late the event loop may be, in ms, before nobody is told: half of what keeps newcomers out. */
  lagMsMax: 100,
  /** Who was told and stays is closed after this, in ms, where nobody goes: half of the drain's window, within these. */
  graceMsMin: 2_000,
  graceMsMax: 5_000,
  /** From the beginning to the end of a drain of the usual window, in ms: what follows (answers, appends, publishes, the port) needs the rest of 29 s. */
  drainMsUsual: 20_000,
  /** Over how long whatever is left is cut, in ms: also those are not to arrive elsewhere together. */
  cutMs: 3_000,
  /** How long requests that are under way may take before their connection, and at last the node, goes, in ms. */
  finishMsMax: 2_000,
} as const
