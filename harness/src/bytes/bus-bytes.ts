/**
 * What the nodes of a Redis Cluster say to each other. Redis counts the messages of its bus and not their bytes, and a message of a few hundred bytes costs
 * more than 2 KB there, so the kernel is asked: `ss -ti` tells the payload bytes of each TCP connection. Each is looked at from its accepting end, where
 * the local port is the bus port.
 */
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

const run = promisify(execFile)
const OUTPUT_BYTES_MAX = 16_000_000

/** Both directions, of all connections to these ports that are open now. Undefined where the machine has no `ss`. */
export async function bytesOfPorts(ports: readonly number[]): Promise<number | undefined> {
  if (ports.length === 0) return 0
  try {
    const { stdout } = await run('ss', ['-tinH', 'state', 'established'], {
      maxBuffer: OUTPUT_BYTES_MAX,
      env: { ...process.env, PATH: `${process.env.PATH}:/usr/sbin:/sbin` },
    })
    return sumOfPorts(stdout, ports)
  } catch {
    return undefined
  }
}

/** Each connection is one line of addresses and one, indented, of figures. */
export function sumOfPorts(listing: string, ports: readonly number[]): number {
  const wanted = new Set(ports)
  let isWanted = false
  let sum = 0
  for (const line of listing.split('\n')) {
    if (/^\s/.test(line) && /bytes_|cwnd/.test(line)) {
      if (isWanted) sum += figure(line, 'bytes_sent') + figure(line, 'bytes_received')
      continue
    }
    // Receive queue, send queue, local address, peer's address.
    const local = line.trim().split(/\s+/)[2] ?? ''
    isWanted = wanted.has(Number(local.slice(local.lastIndexOf(':') + 1)))
  }
  return sum
}

function figure(line: string, name: string): number {
  return Number(new RegExp(`\\b${name}:(\\d+)`).exec(line)?.[1] ?? 0)
}
