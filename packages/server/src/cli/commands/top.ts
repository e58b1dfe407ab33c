/** `madang top`: all nodes in the terminal, once a second. */
import { setTimeout as wait } from 'node:timers/promises'
import type { ClusterView, NodeFigures } from '@madang/protocol'
import { type Command, EXITS } from '../command.ts'
import { shortTime } from '../durations.ts'
import { openApi, opsDetail, opsFlags } from '../ops-flags.ts'
import { table } from '../table.ts'

const everyMs = 1_000
/** A session is made anew well before it ends. */
const looksMax = 400
/** Clears a terminal and goes to its first corner. */
const CLEAR = '\u001b[H\u001b[2J'

export const top: Command = {
  name: 'top',
  summary: 'Shows all nodes with their figures, once a second, until it is interrupted.',
  usage: '[--once]',
  details: [opsDetail],
  flags: {
    once: { type: 'boolean', about: 'Prints one table, and ends.' },
    json: { type: 'boolean', about: 'Prints JSON, a line for each look.' },
    ...opsFlags,
  },
  words: { min: 0, max: 0 },
  async run(given, around) {
    const { once, json } = given.flags
    while (!around.signal.aborted) {
      const api = await openApi(given, around)
      for (let look = 0; look < looksMax && !around.signal.aborted; look += 1) {
        const view = await api.cluster()
        const start = around.isTerminal && !once && !json ? CLEAR : ''
        around.out(start + (json ? `${JSON.stringify(view)}\n` : tableOf(view)))
        if (once) return EXITS.done.code
        await wait(everyMs, undefined, { signal: around.signal }).catch(() => {})
      }
    }
    return EXITS.done.code
  },
}

const HEAD = [
  ...['NODE', 'STATE', 'VERSION', 'UP', 'WS', 'POLL', 'IN/s', 'OUT/s', 'P50', 'P99'],
  ...['LAG', 'CPU', 'MEM', 'FEEDS', 'REPAIRS', 'BROKER', 'STORE', 'SLOW'],
]

export function tableOf({ at, nodes, silent }: ClusterView): string {
  const sum = (of: (node: NodeFigures) => number) => nodes.reduce((all, node) => all + of(node), 0)
  const total = [
    nodes.length === 1 ? '1 node' : `${nodes.length} nodes`,
    `${sum(({ connections }) => connections.websocket + connections.polling)} connections`,
    `${sum(({ rates }) => rates.messagesIn).toFixed(1)} messages in and`,
    `${sum(({ rates }) => rates.deliveriesOut).toFixed(1)} deliveries out a second`,
  ]
  const gone = silent.map(({ id, why }) => `silent: ${id} (${why})\n`)
  return `${new Date(at).toISOString()}  ${total.join('  ')}\n${table(HEAD, nodes.map(rowOf))}${gone.join('')}`
}

function rowOf(node: NodeFigures): string[] {
  const { connections, rates, delivery, loop, memory, feeds, broker, store, slow } = node
  const ms = (value: number | undefined) => (value === undefined ? '-' : `${value.toFixed(1)} ms`)
  return [
    ...[node.id, stateOf(node), node.version, shortTime(node.uptimeMs)],
    ...[connections.websocket, connections.polling].map(String),
    ...[rates.messagesIn, rates.deliveriesOut].map((rate) => rate.toFixed(1)),
    ...[ms(delivery?.p50Ms), ms(delivery?.p99Ms), ms(loop.lagP99Ms), node.cpu.toFixed(2)],
    `${Math.round(memory.residentBytes / 1_048_576)} MB`,
    ...[feeds.open, feeds.repairs].map(String),
    ...[broker, store].map(({ name, connected }) => (connected ? name : `${name} AWAY`)),
    String(slow.length),
  ]
}

export function stateOf({ phase, drain }: NodeFigures): string {
  if (drain === null || drain.connections === 0) return phase
  const done = Math.round((1 - drain.left / drain.connections) * 100)
  return `${phase} ${Math.max(0, done)}%`
}
