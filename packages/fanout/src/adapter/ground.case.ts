/** What the cases of adapters have in common. */
import type { Server } from 'socket.io'
import type { AdapterGround } from '../testing/adapter-ground.ts'
import type { Pair } from '../testing/socket-ground.ts'

export type Case = (ground: AdapterGround) => Promise<void>

export const idsOf = (pairs: readonly Pair[]) => pairs.map(({ socket }) => socket.id).sort()

/** Six people; the first four are in the room `r`. */
export async function room(ground: AdapterGround): Promise<Pair[]> {
  const pairs = await ground.people(6)
  for (const { socket } of pairs.slice(0, 4)) await socket.join('r')
  return pairs
}

/** The last node, which is not the first one's where there are several. */
export const far = (ground: AdapterGround): Server => ground.io(ground.nodes.length - 1)
