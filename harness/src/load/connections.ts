/** What connections to a whole node cost that are in one open channel and silent: resident memory, and CPU while they come. */
import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { type SpawnedServer, spawnServer } from '@madang/server/testing'
import { WebSocket } from 'ws'
import { textTable } from '../table.ts'
import type { LoadCommand } from './command.ts'
import { cpuMsOf } from './cpu.ts'

const COLUMNS = ['connections', 'resident MB', 'KB each', 'cpu ms each to come']
/** So many people share them, so that it is connections that are counted and not the joining of one channel, which each of its members is told of. */
const PEOPLE = 50
const STEPS = [500, 1_000, 2_000, 4_000] as const
const QUICK_STEPS = [20, 40] as const
/** Handshakes under way at once. */
const COMING_MAX = 50
/** From the last arrival to the look at the memory: what was put off has been done by then. */
const SETTLE_MS = 3_000

export const connections: LoadCommand = {
  name: 'connections',
  measures: 'memory and CPU of a node for connections that are silent',
  async run({ quick, progress }) {
    const steps = quick ? QUICK_STEPS : STEPS
    const server = await spawnServer({ env: { RATE_SCALE: '100000' } })
    const sockets: WebSocket[] = []
    try {
      const tokens = await Promise.all(Array.from({ length: PEOPLE }, (_, at) => guest(server, at)))
      const emptyBytes = residentBytes(server)
      const rows: number[][] = []
      for (const step of steps) {
        rows.push(await grow(server, tokens, sockets, step, emptyBytes, quick ? 100 : SETTLE_MS))
        progress(`${step} connections are there`)
      }
      return { text: textTable(COLUMNS, rows), isWhole: sockets.every(isOpen) }
    } finally {
      for (const one of sockets) one.terminate()
      await server.stop()
    }
  },
}

const isOpen = (socket: WebSocket): boolean => socket.readyState === WebSocket.OPEN

/** Resolves to the token of a new guest. */
async function guest({ url }: SpawnedServer, at: number): Promise<string> {
  const answer = await fetch(`${url}/api/guests`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name: `person ${at + 1}` }),
  })
  const { session } = (await answer.json()) as { session: { token: string } }
  return session.token
}

/** Lets connections come until there are so many; resolves to a row. */
async function grow(
  server: SpawnedServer,
  tokens: readonly string[],
  sockets: WebSocket[],
  wanted: number,
  emptyBytes: number,
  settleMs: number,
): Promise<number[]> {
  const cpuBeforeMs = cpuMsOf(server.pid)
  const came = wanted - sockets.length
  const lane = async (): Promise<void> => {
    while (sockets.length < wanted) {
      const token = tokens[sockets.length % tokens.length] ?? ''
      const socket = new WebSocket(`${server.url}/socket.io/?EIO=4&transport=websocket`)
      sockets.push(socket)
      await comeIn(socket, token)
    }
  }
  await Promise.all(Array.from({ length: COMING_MAX }, lane))
  await sleep(settleMs)
  const bytes = residentBytes(server)
  const cpuEachMs = (cpuMsOf(server.pid) - cpuBeforeMs) / came
  return [wanted, bytes / 2 ** 20, (bytes - emptyBytes) / wanted / 1_024, cpuEachMs]
}

/** From then on it answers pings, and throws everything else away. */
function comeIn(socket: WebSocket, token: string): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.on('error', reject)
    socket.on('close', () => reject(new Error('a connection was closed')))
    socket.on('message', (data) => {
      const text = String(data)
      if (text === '2') socket.send('3')
      else if (text.startsWith('0')) socket.send(`40${JSON.stringify({ token })}`)
      else if (text.startsWith('44')) reject(new Error(`a connection was refused: ${text}`))
      else if (text.startsWith('42["ready"')) resolve()
    })
  })
}

/** As the system counts it, garbage that was not collected yet among it. From Linux's /proc. */
function residentBytes({ pid }: SpawnedServer): number {
  const kilobytes = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
  return Number(kilobytes) * 1_024
}
