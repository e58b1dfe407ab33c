/** Measures what a connection costs that is joined to a room and says nothing: resident memory of the server process. */
import type { ClientTasks } from './client-process.ts'
import type { Progress } from './compare.ts'
import type { CandidateName, ServerTasks } from './server-process.ts'
import { Worker } from './worker.ts'

export const IDLE_CANDIDATES = [
  'stock',
  'raw',
  'ours',
  'ours, not slimmed',
] as const satisfies CandidateName[]

export interface IdleFigure {
  readonly candidate: CandidateName
  readonly connections: number
  readonly bytesPerConnection: number
}

/** Connected before the first look, so that code and buffers that every server needs once are not counted. */
const FIRST_SHARE = 0.25

/** V8's young generation grows by tens of MB while connections come, which no number of connections makes more: held small, it is not counted as theirs. */
const FLAGS = ['--expose-gc', '--max-semi-space-size=1']

export async function idle(connections: number, progress: Progress): Promise<IdleFigure[]> {
  const figures: IdleFigure[] = []
  for (const candidate of IDLE_CANDIDATES) {
    const figure = await measure(candidate, connections)
    progress(`${connections} idle, ${candidate}: ${Math.round(figure.bytesPerConnection)} bytes`)
    figures.push(figure)
  }
  return figures
}

const SERVER = new URL('./server-process.ts', import.meta.url)

async function measure(candidate: CandidateName, connections: number): Promise<IdleFigure> {
  const server = new Worker<ServerTasks>(SERVER, [candidate], FLAGS)
  const clients = new Worker<ClientTasks>(new URL('./client-process.ts', import.meta.url), [])
  try {
    const first = Math.ceil(connections * FIRST_SHARE)
    const layout = { name: '', sockets: first + connections, rooms: 1, roomsPerSocket: 1 }
    const port = await server.call('start', layout)
    await clients.call('connect', { port, count: first })
    const before = await server.call('residentBytes', undefined)
    await clients.call('connect', { port, count: connections })
    const after = await server.call('residentBytes', undefined)
    return { candidate, connections, bytesPerConnection: (after - before) / connections }
  } finally {
    await Promise.all([server.stop(), clients.stop()])
  }
}
