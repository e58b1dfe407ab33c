/** Durable messages a second through the whole server: stock clients send over websockets, and each send is acknowledged after its commit. */
import type { MyChannel } from '@madang/protocol'
import { spawnServer } from '@madang/server/testing'
import { io, type Socket } from 'socket.io-client'
import { isRequired } from '../../../tests/services/part.ts'
import { percentile } from '../percentile.ts'
import { textTable } from '../table.ts'
import type { LoadCommand } from './command.ts'
import { cpuMsOf } from './cpu.ts'
import { missingReason, newGround, type StoreName } from './stores.ts'

interface ThroughServerOptions {
  readonly store: StoreName
  readonly senders: number
  /** Sends that each sender has under way at once. */
  readonly window: number
  readonly durationMs: number
}

interface ThroughServerFigure {
  readonly senders: number
  readonly window: number
  readonly messages: number
  readonly messagesPerSecond: number
  /** CPU time of the server process, user and system, per message. */
  readonly serverCpuUsPerMessage: number
  readonly ackP50Ms: number
  readonly ackP99Ms: number
}

interface Answer {
  readonly ok: boolean
}

const COLUMNS = [
  'store',
  'senders',
  'in flight each',
  'messages/s',
  'server cpu µs/message',
  'ack p50 ms',
  'ack p99 ms',
]

const ROWS = [
  [1, 1],
  [16, 1],
  [16, 16],
  [64, 16],
] as const

export const server: LoadCommand = {
  name: 'server',
  measures: 'durable messages a second through the whole server, over websockets',
  async run({ durationMs, stores, progress }) {
    const rows = []
    let isWhole = true
    for (const store of stores) {
      const reason = await missingReason(store)
      if (reason !== null) {
        progress(`left out: ${reason}`)
        isWhole = !isRequired()
        continue
      }
      for (const [senders, window] of ROWS) {
        const figure = await throughServer({ store, senders, window, durationMs })
        const { messagesPerSecond, serverCpuUsPerMessage, ackP50Ms, ackP99Ms } = figure
        const cells = [messagesPerSecond, serverCpuUsPerMessage, ackP50Ms, ackP99Ms]
        rows.push([store, senders, window, ...cells])
      }
    }
    return { text: textTable(COLUMNS, rows), isWhole }
  },
}

async function throughServer(options: ThroughServerOptions): Promise<ThroughServerFigure> {
  const ground = await newGround(options.store)
  const server = await spawnServer({ env: { ...ground.env, RATE_SCALE: '100000' } })
  const sockets = Array.from({ length: options.senders }, (_, index) =>
    io(server.url, { forceNew: true, transports: ['websocket'], auth: { name: `load-${index}` } }),
  )
  try {
    const channels = await Promise.all(sockets.map(generalOf))
    // Digests instead of events: the figure is of the way up, not of the fan-out.
    for (const [index, socket] of sockets.entries())
      await emit(socket, 'sync', { close: [channels[index]] })
    const latencies: number[] = []
    const cpuBeforeMs = cpuMsOf(server.pid)
    const startedAt = performance.now()
    const until = startedAt + options.durationMs
    await Promise.all(
      sockets.map((socket, index) =>
        sendUntil(socket, channels[index] ?? '', options.window, until, latencies),
      ),
    )
    const seconds = (performance.now() - startedAt) / 1000
    const cpuMs = cpuMsOf(server.pid) - cpuBeforeMs
    return {
      senders: options.senders,
      window: options.window,
      messages: latencies.length,
      messagesPerSecond: latencies.length / seconds,
      serverCpuUsPerMessage: (cpuMs * 1_000) / latencies.length,
      ackP50Ms: percentile(latencies, 0.5),
      ackP99Ms: percentile(latencies, 0.99),
    }
  } finally {
    for (const socket of sockets) socket.disconnect()
    await server.stop()
    await ground.remove()
  }
}

function generalOf(socket: Socket): Promise<string> {
  return new Promise((resolve, reject) => {
    socket.once('connect_error', reject)
    socket.once('ready', (ready: { channels: readonly MyChannel[] }) => {
      const general = ready.channels.find((channel) => channel.name === 'general')
      if (general) resolve(general.id)
      else reject(new Error('there is no general channel'))
    })
  })
}

function emit(socket: Socket, event: string, request: object): Promise<Answer> {
  return new Promise((resolve) => socket.emit(event, request, resolve))
}

async function sendUntil(
  socket: Socket,
  channelId: string,
  window: number,
  until: number,
  latencies: number[],
): Promise<void> {
  let count = 0
  const lane = async () => {
    while (performance.now() < until) {
      const at = performance.now()
      count += 1
      const text = `A message of about one hundred characters, as people write them when they talk: ${count}.`
      const answer = await emit(socket, 'send', {
        channelId,
        clientId: `${socket.id}-${count}`,
        text,
      })
      if (!answer.ok) throw new Error(`a send was refused: ${JSON.stringify(answer)}`)
      latencies.push(performance.now() - at)
    }
  }
  await Promise.all(Array.from({ length: window }, lane))
}
