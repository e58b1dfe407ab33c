/** Durable messages a second at the SQLite store alone: one process, one file with `synchronous=FULL`. */
import { randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createSqliteStore, type Store } from '@madang/server/testing'
import { percentile } from '../percentile.ts'
import { textTable } from '../table.ts'
import type { LoadCommand } from './command.ts'

interface AppendOptions {
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
  'senders',
  'messages/s',
  'cpu µs/message',
  'commits',
  'batch p50',
  'p50 ms',
  'p99 ms',
]

export const append: LoadCommand = {
  name: 'append',
  measures: 'durable messages a second at the SQLite store alone',
  async run({ durationMs }) {
    const rows = []
    for (const senders of [1, 16, 256, 2_000]) {
      const figure = await appendLoad({ senders, channels: 8, durationMs })
      const { messagesPerSecond, cpuUsPerMessage, commits, batchMedian, p50Ms, p99Ms } = figure
      rows.push([senders, messagesPerSecond, cpuUsPerMessage, commits, batchMedian, p50Ms, p99Ms])
    }
    return textTable(COLUMNS, rows)
  },
}

async function appendLoad(options: AppendOptions): Promise<AppendFigure> {
  const dir = await mkdtemp(join(tmpdir(), 'madang-append-'))
  const batches: number[] = []
  const store = createSqliteStore({
    file: join(dir, 'madang.db'),
    onCommit: (entries) => batches.push(entries),
  })
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
    await rm(dir, { recursive: true, force: true })
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
