/** The one message of the comparison: when it was due, and as much text as makes the frame a usual size. */

export const EVENT = 'x'
/** A frame in all: two for the header's flags and length, two for its extended length, one for Engine.IO's type. */
export const FRAME_BYTES = 219

/** Before the time, which therefore stands at the same place in each frame. */
const HEAD = `2["${EVENT}",{"at":`
const TAIL_BYTES = '"text":""}]'.length + 1
const DIGITS = 16
const TEXT = 'm'.repeat(FRAME_BYTES - 5 - HEAD.length - DIGITS - TAIL_BYTES)

export interface Message {
  /** In µs of the machine's monotonic clock, which all processes share. */
  readonly at: number
  readonly text: string
}

/** Not below 10^15, so that every time has sixteen digits. */
const OFFSET = 1e15

export function nowUs(): number {
  return OFFSET + Number(process.hrtime.bigint() / 1_000n)
}

export function messageDueAt(at: number): Message {
  return { at: Math.round(at), text: TEXT }
}

/** Reads the time from the payload of a frame. NaN for another. */
export function dueAt(payload: Buffer): number {
  const from = 1 + HEAD.length
  if (payload.length < from + DIGITS) return Number.NaN
  return Number(payload.toString('latin1', from, from + DIGITS))
}
