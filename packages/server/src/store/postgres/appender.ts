/** Appends a batch in one transaction: plain messages in one round trip, anything else in two, decided here. */
import type { LogEvent } from '@madang/protocol'
import { answer, decide } from '../append/decide.ts'
import type { AppendLimits } from '../append/decision.ts'
import { type EventPlace, pair, WorkingSet } from '../append/working-set.ts'
import type { Append, AppendResult } from '../log.ts'
import type { Connection } from './connections.ts'
import type { ConnectionSource } from './dialect.ts'
import { sqlStateOf } from './failure.ts'
import { load, loadEvents } from './load.ts'
import { arePlain, CALL_FUNCTION, type Message, parametersOf } from './message-function.ts'
import { write } from './write.ts'

/** Two nodes were given the same client id for two channels; who comes second finds the first one's at another look. */
const UNIQUE_VIOLATION = '23505'

export class Appender {
  readonly #source: ConnectionSource
  readonly #limits: AppendLimits

  constructor(source: ConnectionSource, limits: AppendLimits) {
    this.#source = source
    this.#limits = limits
  }

  /** Results in the order of the entries. Rejects with PostgreSQL's error, with nothing stored, or with one that leaves it open. */
  async append(entries: readonly Append[]): Promise<AppendResult[]> {
    const connection = await this.#source.acquire()
    try {
      const results = arePlain(entries) ? await appendMessages(connection, entries) : null
      return results ?? (await this.#appendAny(connection, entries))
    } finally {
      connection.release()
    }
  }

  async #appendAny(connection: Connection, entries: readonly Append[]): Promise<AppendResult[]> {
    try {
      return await this.#decided(connection, entries)
    } catch (error) {
      if (sqlStateOf(error) !== UNIQUE_VIOLATION) throw error
      return await this.#decided(connection, entries)
    }
  }

  async #decided(connection: Connection, entries: readonly Append[]): Promise<AppendResult[]> {
    const set = new WorkingSet()
    try {
      await load(connection, set, entries)
      const decisions = entries.map((entry) => decide(set, entry, this.#limits))
      const repeated = decisions.flatMap((decision) =>
        decision.outcome === 'repeated' && decision.at ? [decision.at] : [],
      )
      await loadEvents(connection, set, repeated)
      await write(connection, set)
      const find = ({ channelId, seq }: EventPlace) => set.events.get(pair(channelId, seq)) ?? null
      return decisions.map((decision) => answer(decision, find))
    } catch (error) {
      await rollback(connection)
      throw error
    }
  }
}

/** After a commit that failed it does nothing. Where it fails itself, the query marks the connection. */
async function rollback(connection: Connection): Promise<void> {
  await connection.query('rollback').catch(() => {})
}

/** Null: at least one is not plain, and nothing was stored. */
async function appendMessages(
  connection: Connection,
  messages: readonly Message[],
): Promise<AppendResult[] | null> {
  const rows = await callFunction(connection, messages)
  const seqs = rows[0]?.seqs
  if (!seqs) return null
  return messages.map((message, index) => ({
    outcome: 'appended',
    event: eventOf(message, seqs[index] ?? 0),
  }))
}

async function callFunction(connection: Connection, messages: readonly Message[]) {
  try {
    return await connection.query<{ seqs: number[] | null }>(CALL_FUNCTION, parametersOf(messages))
  } catch (error) {
    if (sqlStateOf(error) === UNIQUE_VIOLATION) return []
    throw error
  }
}

/** As `toEvent` makes it of the row. */
function eventOf({ id, channelId, author, createdAt, entry }: Message, seq: number): LogEvent {
  const { clientId, lane, text } = entry
  return {
    kind: 'created',
    ...{ id, channelId, seq, createdAt },
    author: { id: author.id, name: author.name },
    ...{ clientId, lane, text },
    ...(lane === 'question' && { question: 'open' as const }),
  }
}
