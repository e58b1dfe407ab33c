/** What it costs a node to send somebody away: as many as come, for a while, each of them refused. */
import { readFileSync } from 'node:fs'
import { connect } from 'node:net'
import { spawnServer } from '@madang/server/testing'

export interface RefusalsFigure {
  readonly refused: number
  readonly perSecond: number
  /** CPU of the server for each, user and system. */
  readonly cpuUsEach: number
}

/** Clients that come again as soon as they were refused. */
const LANES = 20

export async function countRefusals(ms: number): Promise<RefusalsFigure> {
  const server = await spawnServer({ env: { RATE_SCALE: '100000', CONNECTS_PER_SECOND: '1' } })
  try {
    const port = Number(new URL(server.url).port)
    let refused = 0
    const endsAt = performance.now() + ms
    const before = cpuMs(server.pid)
    const lane = async (): Promise<void> => {
      while (performance.now() < endsAt) if ((await knock(port)) === '503') refused += 1
    }
    await Promise.all(Array.from({ length: LANES }, lane))
    const cpuUsEach = ((cpuMs(server.pid) - before) * 1_000) / refused
    return { refused, perSecond: refused / (ms / 1_000), cpuUsEach }
  } finally {
    await server.stop()
  }
}

/** Asks for a websocket; resolves to the status of the answer. */
function knock(port: number): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    let text = ''
    socket.on('data', (bytes) => {
      text += bytes
      if (text.startsWith('HTTP/1.1 101')) socket.destroy()
    })
    socket.on('error', () => {})
    socket.on('close', () => resolve(text.slice(9, 12)))
    socket.write(
      'GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\n' +
        'Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n',
    )
  })
}

/** User and system time, from Linux's /proc (clock ticks of 10 ms). */
export function cpuMs(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? []
  return (Number(fields[11]) + Number(fields[12])) * 10
}
