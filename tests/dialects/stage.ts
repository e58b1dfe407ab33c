// Real nodes over one store and one Redis, a way to them that can be turned, and stock clients with nothing of ours.
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { type AddressInfo, connect, createServer, type Socket as TcpSocket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { createRestClient, type SpawnedServer, spawnServer } from '@madang/server/testing'
import { io, type Socket } from 'socket.io-client'

const SECRET = 'k3Vb9wQx7ZpL2mNs8RtY4uHj6GfD1cAe'

/** What carries frames between the nodes; it is stopped with them. */
export interface Broker {
  readonly url: string
  stop(): Promise<void>
}

export interface Stage {
  readonly nodes: readonly [SpawnedServer, SpawnedServer]
  /** Where clients connect; it leads to the first node until it is turned. */
  readonly url: string
  /** Leads newcomers to another node, or to none. Those who are connected stay where they are. */
  turn(to: 0 | 1 | undefined): void
  guest(name: string): Promise<{ readonly id: string; readonly token: string }>
  rest(token?: string): ReturnType<typeof createRestClient>
  client(url: string, options?: Parameters<typeof io>[1]): StockClient
}

/** Something that a stock client was told. */
export interface Told {
  readonly event: string
  readonly args: readonly unknown[]
}

export interface StockClient {
  readonly socket: Socket
  readonly told: readonly Told[]
  /** How often it was connected, and whether Socket.IO took it for recovered. */
  readonly connects: readonly boolean[]
  /** Resolves when the look is true; it is asked after whatever happens. */
  until(look: (client: StockClient) => boolean): Promise<void>
  /** What the messages said, in order. */
  said(event?: string): readonly string[]
  /** Loses the network. */
  drop(): void
}

export async function newStage(t: TestContext, broker: Broker): Promise<Stage> {
  t.after(() => broker.stop())
  const dataDir = await mkdtemp(join(tmpdir(), 'madang-dialects-'))
  t.after(() => rm(dataDir, { recursive: true, force: true }))
  const settings = {
    REDIS_URL: broker.url,
    DIALECTS: 'rooms,communities',
    JWT_SECRET: SECRET,
    DRAIN_SECONDS: '1',
    RATE_SCALE: '1000',
  }
  const spawn = () => spawnServer({ dataDir, env: settings })
  const nodes = [await spawn(), await spawn()] as const
  for (const node of nodes) t.after(() => node.stop())
  const way = await newWay(nodes.map(({ url }) => Number(new URL(url).port)))
  t.after(() => way.stop())
  const clients: Socket[] = []
  t.after(() => {
    for (const socket of clients) socket.disconnect()
  })
  const rest = (token?: string) => createRestClient(nodes[1].url, token)
  return {
    nodes,
    url: way.url,
    turn: way.turn,
    rest,
    guest: async (name) => {
      const { person, session } = await rest().call('createGuest', { body: { name } })
      return { id: person.id, token: session.token }
    },
    client(url, options = {}) {
      const socket = io(url, { forceNew: true, reconnectionDelay: 50, ...options })
      clients.push(socket)
      return watched(socket)
    },
  }
}

/** What the seed's snippets do with `io`, for clients that the test sees. */
function watched(socket: Socket): StockClient {
  const told: Told[] = []
  const connects: boolean[] = []
  let looks: (() => void)[] = []
  const happened = () => {
    for (const look of looks) look()
  }
  socket.onAny((event: string, ...args: unknown[]) => {
    told.push({ event, args })
    happened()
  })
  socket.on('connect', () => {
    connects.push(socket.recovered)
    happened()
  })
  for (const event of ['disconnect', 'connect_error']) socket.on(event, happened)
  const client: StockClient = {
    socket,
    told,
    connects,
    until: (look) =>
      new Promise((resolve) => {
        const again = () => {
          if (!look(client)) return
          looks = looks.filter((one) => one !== again)
          resolve()
        }
        looks.push(again)
        again()
      }),
    said: (event = 'message') =>
      told.flatMap((one) => (one.event === event ? String(contentOf(one.args[0])) : [])),
    drop: () => void socket.io.engine.close(),
  }
  return client
}

function contentOf(payload: unknown): unknown {
  return typeof payload === 'object' && payload !== null && 'content' in payload
    ? payload.content
    : undefined
}

/** A port that leads to one of several. */
async function newWay(ports: readonly number[]) {
  let at: 0 | 1 | undefined = 0
  const open = new Set<TcpSocket>()
  const server = createServer((near) => {
    if (at === undefined) {
      near.destroy()
      return
    }
    const far = connect(ports[at] ?? 0, '127.0.0.1')
    for (const socket of [near, far]) {
      open.add(socket)
      socket.on('error', () => socket.destroy())
      socket.on('close', () => open.delete(socket))
    }
    near.on('close', () => far.destroy())
    far.on('close', () => near.destroy())
    near.pipe(far).pipe(near)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    turn: (to: 0 | 1 | undefined) => {
      at = to
    },
    stop: async () => {
      for (const socket of open) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
