/** Bounds what engine.io leaves open of long-polling: packets in one request, and the time that closing takes. */
import { BOUNDS } from './bounds.ts'
import { type EngineSocket, guardBodies, setCloseGrace } from './engine.ts'

const SEPARATOR = '\u001e'

export function boundPolling(conn: EngineSocket, closeGraceMs: number): void {
  if (conn.transport.name !== 'polling') return
  setCloseGrace(conn, closeGraceMs)
  // Thousands of one-character packets are cheap to send and dear to take apart.
  guardBodies(conn, (body) =>
    typeof body === 'string' && packets(body) > BOUNDS.packetsPerRequestMax
      ? 'too many packets in one request'
      : undefined,
  )
}

/** Counts no further than one more than the bound. */
function packets(body: string): number {
  let count = 1
  let at = body.indexOf(SEPARATOR)
  while (at !== -1 && count <= BOUNDS.packetsPerRequestMax) {
    count++
    at = body.indexOf(SEPARATOR, at + 1)
  }
  return count
}
