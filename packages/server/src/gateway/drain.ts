/** Moves every connection to another node, in slots over a window, so that neither this node nor the others see them all at once. */
import { errorBody } from '@madang/protocol'
import type { Naps } from './naps.ts'
import type { Session } from './session.ts'
import type { Connection, Wire } from './wire.ts'

export interface DrainParts {
  readonly wire: Wire<Session>
  readonly naps: Naps
  readonly moveGraceMs: number
  /** From 0 up to 1. */
  readonly random: () => number
}

/**
 * Each connection is told in its slot to move within the grace: our client connects elsewhere first and then lets go. What is still there after the
 * grace is closed so that it comes back by itself. Resolves when nobody is left, at the latest after the window and one grace.
 */
export async function drainConnections(parts: DrainParts, windowMs: number): Promise<void> {
  const { wire, naps, moveGraceMs } = parts
  wire.refuse()
  const connections = shuffled(wire.connections(), parts.random)
  const moves: Promise<void>[] = []
  for (const [index, connection] of connections.entries()) {
    if (index > 0) await naps.nap(windowMs / connections.length)
    moves.push(move(connection, naps, moveGraceMs))
  }
  await Promise.all(moves)
}

async function move(connection: Connection<Session>, naps: Naps, graceMs: number): Promise<void> {
  connection.emit('goaway', { withinMs: graceMs })
  await naps.nap(graceMs)
  connection.close(errorBody('draining'), true)
}

function shuffled<T>(list: readonly T[], random: () => number): T[] {
  const order = [...list]
  for (let i = order.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1))
    const [a, b] = [order[i], order[j]]
    if (a !== undefined && b !== undefined) {
      order[i] = b
      order[j] = a
    }
  }
  return order
}
