/** A node that may open no more files: it accepts nobody, and those who are there notice nothing. */
import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { connect } from 'node:net'
import { promisify } from 'node:util'
import type { StageNode } from '../stage/node.ts'
import type { Stage } from '../stage/stage.ts'
import type { Scenario } from './scenario.ts'

const CALM_MS = 1_500
const EXHAUSTED_MS = 6_000
const TRY_MS = 500
/** Less than any node has open. */
const FILES_MAX = 10

const run = promisify(execFile)

export const descriptors: readonly Scenario[] = [
  {
    name: 'descriptors-exhausted',
    story: `a node may open no file and accept no connection for ${EXHAUSTED_MS / 1_000} s, while half of its clients are reset`,
    proves: ['I1', 'I2', 'I3', 'I4', 'I5', 'I6', 'I7', 'I11', 'I12'],
    needs: [],
    seed: 1,
    quick: false,
    stage: { proxied: ['clients'], ours: 6, stock: 6 },
    figures: { unansweredSends: 0 },
    run: exhaust,
  },
]

async function exhaust({ nodes, links, nemesis, crowd, sleep }: Stage): Promise<void> {
  const [node] = nodes
  const [proxy] = links.clients
  if (node === undefined || proxy === undefined) return
  await sleep(CALM_MS)
  await nemesis.strike('no descriptors', node.name, async () => {
    const usual = filesMaxOf(node)
    await run('prlimit', ['--pid', String(node.pid), `--nofile=${FILES_MAX}:`])
    const wasRefused = !(await isAccepted(node))
    // Those who were there are served as before, for half of the time.
    await sleep(EXHAUSTED_MS / 2)
    proxy.reset()
    await sleep(EXHAUSTED_MS / 2)
    const isRefused = !(await isAccepted(node))
    await run('prlimit', ['--pid', String(node.pid), `--nofile=${usual}:`])
    return wasRefused && isRefused
  })
  await crowd.online()
  await sleep(CALM_MS)
}

/** The soft limit, as Linux tells it. */
function filesMaxOf({ pid }: StageNode): string {
  return /^Max open files\s+(\S+)/m.exec(readFileSync(`/proc/${pid}/limits`, 'utf8'))?.[1] ?? '1024'
}

/** Whether a new connection is answered. */
async function isAccepted({ port }: StageNode): Promise<boolean> {
  const socket = connect({ port, host: '127.0.0.1' })
  socket.on('error', () => {})
  socket.write('GET /health/liveness HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n')
  const answered = once(socket, 'data').then(() => true)
  const closed = once(socket, 'close').then(() => false)
  const late = new Promise<boolean>((resolve) => setTimeout(() => resolve(false), TRY_MS))
  const isAnswered = await Promise.race([answered, closed, late]).catch(() => false)
  socket.destroy()
  return isAnswered
}
