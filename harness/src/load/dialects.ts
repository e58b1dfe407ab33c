/** What dialects cost: bytes of one message in each, and a hundred communities over one connection as so many namespaces. */
import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import {
  createRestClient,
  type RestClient,
  type SpawnedServer,
  spawnServer,
} from '@madang/server/testing'
import { Manager, type Socket } from 'socket.io-client'
import { textTable } from '../table.ts'
import type { LoadCommand } from './command.ts'

const WELCOME = '00000000-0000-7000-8000-000000000001'
/** As many as one person may be in, the welcome community among them. */
const COMMUNITIES = 100
const CLIENTS = 20
const SETTLE_MS = 3_000
const TEXT = 'Hello from Socket 1!'

/** How a client comes, and what it is sent for one message. */
interface Speaker {
  readonly name: string
  readonly auth: object
  readonly namespace: string
  readonly event: string
}

const SPEAKERS: readonly Speaker[] = [
  { name: 'our own client', auth: { wire: 1, cursors: {} }, namespace: '/', event: 'event' },
  { name: 'stock client, our words', auth: { wire: 1 }, namespace: '/', event: 'event' },
  { name: 'rooms', auth: {}, namespace: '/', event: 'message' },
  { name: 'communities', auth: {}, namespace: `/socket/commu-${WELCOME}`, event: 'new-chat' },
]

export const dialects: LoadCommand = {
  name: 'dialects',
  measures: 'bytes of a message in each dialect, and a hundred namespaces of one client',
  async run({ quick, progress }) {
    const env = { DIALECTS: 'rooms,communities', RATE_SCALE: '100000' }
    const server = await spawnServer({ env })
    try {
      const { session } = await createRestClient(server.url).call('createGuest', {
        body: { name: 'one' },
      })
      const { token } = session
      const rest = createRestClient(server.url, token)
      const words = await messageBytes(server, rest, token)
      progress('messages are measured')
      const ids = await communities(rest, quick ? 3 : COMMUNITIES)
      const rows = await namespaces(
        server,
        token,
        ids,
        quick ? 2 : CLIENTS,
        quick ? 100 : SETTLE_MS,
      )
      const many = [
        'one client with',
        'namespaces',
        'ms to come',
        'bytes to come',
        'KB of the node',
      ]
      const text = `${textTable(['one message to', 'bytes'], words)}\n\n${textTable(many, rows)}`
      return { text, isWhole: words.every(([, bytes]) => Number(bytes) > 0) }
    } finally {
      await server.stop()
    }
  },
}

async function messageBytes(server: SpawnedServer, rest: RestClient, token: string) {
  const { channels } = await rest.call('listChannels', { params: { communityId: WELCOME } })
  const [general] = channels
  if (general === undefined) throw new Error('there is no channel')
  const rows: [string, number][] = []
  for (const { name, auth, namespace, event } of SPEAKERS) {
    const manager = newManager(server)
    const socket = manager.socket(namespace, { auth: { ...auth, token } })
    const got = bytesOf(socket, namespace, event)
    await told(socket)
    if (name === 'our own client')
      await socket.emitWithAck('sync', { open: { [general.id]: null } })
    if (name === 'communities') await socket.emitWithAck('join', { channels: [general.id] })
    const body = { clientId: `c${rows.length}`, text: TEXT }
    await rest.call('createMessage', { params: { channelId: general.id }, body })
    rows.push([name, await got])
    socket.disconnect()
  }
  return rows
}

async function communities(rest: RestClient, count: number): Promise<readonly string[]> {
  const ids = [WELCOME]
  while (ids.length < count) {
    const { community } = await rest.call('createCommunity', { body: { name: `c${ids.length}` } })
    ids.push(community.id)
  }
  return ids
}

/** Clients of one person, each with one namespace, the hall of all communities, or a namespace for each of them. */
async function namespaces(
  server: SpawnedServer,
  token: string,
  ids: readonly string[],
  clients: number,
  settleMs: number,
) {
  const homes = ids.map((id) => `/socket/commu-${id}`)
  const kinds: readonly (readonly [string, readonly string[]])[] = [
    ['our own words', ['/']],
    ['the hall', ['/socket']],
    ['all communities', homes],
  ]
  const rows: (string | number)[][] = []
  for (const [name, names] of kinds) {
    // What the process grows by for the first of a kind is not the clients'.
    const warm = await come(server, token, names)
    await sleep(settleMs)
    const before = residentBytes(server)
    const all = []
    for (let i = 0; i < clients; i++) all.push(await come(server, token, names))
    await sleep(settleMs)
    const kb = (residentBytes(server) - before) / clients / 1_024
    const ms = all.reduce((sum, one) => sum + one.ms, 0) / clients
    rows.push([name, names.length, ms, all[0]?.bytes ?? 0, kb])
    for (const { sockets } of [warm, ...all]) for (const socket of sockets) socket.disconnect()
    await sleep(settleMs)
  }
  return rows
}

async function come(server: SpawnedServer, token: string, names: readonly string[]) {
  const began = performance.now()
  const manager = newManager(server)
  let bytes = 0
  const count = () =>
    manager.engine.on('packet', ({ data }: { data?: unknown }) => {
      bytes += Buffer.byteLength(String(data ?? ''))
    })
  manager.on('open', count)
  const auth = names[0] === '/' ? { wire: 1, cursors: {}, token } : { token }
  const sockets = names.map((name) => manager.socket(name, { auth }))
  await Promise.all(sockets.map(told))
  return { sockets, ms: performance.now() - began, bytes }
}

function newManager({ url }: SpawnedServer): Manager {
  return new Manager(url, { transports: ['websocket'], reconnection: false, forceNew: true })
}

const connected = (socket: Socket) =>
  new Promise<void>((resolve, reject) => {
    socket.on('connect', resolve)
    socket.on('connect_error', reject)
    socket.connect()
  })

/** Resolves when the namespace has said where the person belongs. */
async function told(socket: Socket): Promise<void> {
  const words = new Promise<void>((resolve) => {
    for (const event of ['ready', 'entered', 'welcome']) socket.once(event, () => resolve())
  })
  await connected(socket)
  await words
}

/** The first such event of a message, as long as it is on the wire. */
function bytesOf(socket: Socket, namespace: string, event: string): Promise<number> {
  const place = namespace === '/' ? '' : `${namespace},`
  return new Promise((resolve) => {
    socket.on(event, (...args: unknown[]) => {
      const text = JSON.stringify([event, ...args])
      if (text.includes(TEXT)) resolve(Buffer.byteLength(`42${place}${text}`))
    })
  })
}

function residentBytes({ pid }: SpawnedServer): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8')
  return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1] ?? 0) * 1_024
}
