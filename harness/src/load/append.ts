/** Durable messages a second at a store alone, from one process: each answer means that the message is on disk. */
import { randomUUID } from 'node:crypto'
import type { Store } from '@madang/server/testing'
import { isRequired } from '../../../tests/services/part.ts'
import { markdownTable, measuredOn, writeSection } from '../page.ts'
import { percentile } from '../percentile.ts'
import { type Cell, textTable } from '../table.ts'
import type { LoadCommand } from './command.ts'
import { missingReason, newGround, STORES, type StoreName } from './stores.ts'

interface AppendOptions {
  readonly store: StoreName
  /** Callers that each wait for one append before the next. */
  readonly senders: number
  readonly channels: number
  readonly durationMs: number
}

interface AppendFigure {
  readonly senders: number
  readonly messages: number
  readonly messagesPerSecond: number
  /** User and system time of the whole process, senders included, per message. */
  readonly cpuUsPerMessage: number
  readonly commits: number
  readonly batchMedian: number
  readonly p50Ms: number
  readonly p99Ms: number
}

const TEXT =
  'A message of about one hundred characters, as people write them when they talk to each other daily.'

const COLUMNS = [
  'store',
  'senders',
  'messages/s',
  'cpu µs/message',
  'commits',
  'batch p50',
  'p50 ms',
  'p99 ms',
]
const SENDERS = [1, 16, 256, 2_000]
const CHANNELS = 8

export const append: LoadCommand = {
  name: 'append',
  measures: 'durable messages a second at the stores alone: SQLite and PostgreSQL',
  async run({ durationMs, stores, write, progress }) {
    const rows: Cell[][] = []
    let isWhole = true
    for (const store of stores) {
      const reason = await missingReason(store)
      if (reason !== null) {
        progress(`left out: ${reason}`)
        isWhole = !isRequired()
        continue
      }
      for (const senders of SENDERS) {
        const figure = await appendLoad({ store, senders, channels: CHANNELS, durationMs })
        const { messagesPerSecond, cpuUsPerMessage, commits, batchMedian, p50Ms, p99Ms } = figure
        const cells = [messagesPerSecond, cpuUsPerMessage, commits, batchMedian, p50Ms, p99Ms]
        rows.push([store, senders, ...cells])
        progress(`${store}, ${senders} senders: ${Math.round(messagesPerSecond)} messages/s`)
      }
    }
    const isWritable = rows.length === STORES.length * SENDERS.length
    if (write && isWritable) await writeSection('append', section(rows))
    if (write && !isWritable) progress('not written: the page wants every row.')
    return { text: textTable(COLUMNS, rows), isWhole: isWhole && (!write || isWritable) }
  },
}

function section(rows: readonly (readonly Cell[])[]): string {
  return `
## Durable messages at the store

${measuredOn('npm run load -- append --write', {})}

Each sender waits for the answer to one message of 100 characters before the next, into one of ${CHANNELS} channels; an answer means that the message is on disk. CPU time, user and system,
is that of our process, senders included: SQLite works inside of it, PostgreSQL beside it on the same machine, and its own time is not counted. *batch* is how many messages one commit held.

${markdownTable({ columns: COLUMNS, rows })}
`
}

async function appendLoad(options: AppendOptions): Promise<AppendFigure> {
  const ground = await newGround(options.store)
  const batches: number[] = []
  const store = ground.newStore((entries) => batches.push(entries))
  await store.start()
  try {
    const { author, channelIds } = await prepare(store, options.channels)
    const latencies: number[] = []
    const cpuBefore = process.cpuUsage()
    const startedAt = performance.now()
    const until = startedAt + options.durationMs
    const sender = async (number: number) => {
      const channelId = channelIds[number % channelIds.length] ?? ''
      for (let count = 0; performance.now() < until; count += 1) {
        const at = performance.now()
        await store.append([
          {
            id: randomUUID(),
            channelId,
            author,
            needs: 'writer',
            createdAt: 1,
            entry: { kind: 'created', clientId: `${number}-${count}`, lane: 'chat', text: TEXT },
          },
        ])
        latencies.push(performance.now() - at)
      }
    }
    await Promise.all(Array.from({ length: options.senders }, (_, number) => sender(number)))
    const seconds = (performance.now() - startedAt) / 1_000
    const cpu = process.cpuUsage(cpuBefore)
    return {
      senders: options.senders,
      messages: latencies.length,
      messagesPerSecond: latencies.length / seconds,
      cpuUsPerMessage: (cpu.user + cpu.system) / latencies.length,
      commits: batches.length,
      batchMedian: percentile(batches, 0.5),
      p50Ms: percentile(latencies, 0.5),
      p99Ms: percentile(latencies, 0.99),
    }
  } finally {
    await store.stop()
    await ground.remove()
  }
}

async function prepare(store: Store, channels: number) {
  const author = { id: randomUUID(), name: 'load' }
  await store.createPerson({ ...author, kind: 'account', createdAt: 1 })
  const communityId = randomUUID()
  await store.createCommunity({
    id: communityId,
    name: 'Load',
    visibility: 'public',
    createdAt: 1,
    owner: author,
  })
  const channelIds: string[] = []
  for (let count = 0; count < channels; count += 1) {
    const { channel } = await store.createChannel({
      id: randomUUID(),
      communityId,
      kind: 'text',
      visibility: 'public',
      name: `load ${count}`,
      topic: '',
      createdAt: 1,
      author,
      members: [{ person: author, role: 'owner', eventId: randomUUID() }],
    })
    channelIds.push(channel.id)
  }
  return { author, channelIds }
}
