/** One client of a world with memory wires, as a test speaks of it. */
import assert from 'node:assert/strict'
import {
  type Cursor,
  DOWN,
  type DownName,
  type DownPayload,
  type ErrorBody,
  type Id,
  type LogEvent,
  UP,
  type UpName,
} from '@madang/protocol'
import type { Session } from '../session.ts'
import { type MemoryClient, type MemoryHandshake, type MemoryWire, Refused } from './memory-wire.ts'
import type { Guest, WorldNode } from './world.ts'

export type MemoryNode = WorldNode<MemoryWire<Session>>

export interface Answer {
  readonly ok: boolean
  readonly error?: ErrorBody
  readonly [key: string]: unknown
}

export class TestClient {
  readonly memory: MemoryClient
  #look: () => void = () => {}

  constructor(memory: MemoryClient) {
    this.memory = memory
    memory.onSeen = () => this.#look()
  }

  /** Everything of one kind that arrived, checked against protocol's schema. */
  all<N extends DownName>(event: N): DownPayload<N>[] {
    return this.memory.seen
      .filter((seen) => seen.event === event)
      .map(({ payload }) => DOWN[event].parse(payload) as DownPayload<N>)
  }

  /** Resolves to the nth of one kind, once it is there. */
  async nth<N extends DownName>(event: N, n = 1): Promise<DownPayload<N>> {
    await this.until(() => this.all(event).length >= n)
    const payload = this.all(event)[n - 1]
    assert.ok(payload)
    return payload
  }

  async until(holds: () => boolean): Promise<void> {
    while (!holds()) {
      await new Promise<void>((resolve) => {
        this.#look = resolve
      })
    }
  }

  /** The channel's events that arrived by themselves, as seqs. */
  seqs(channelId: Id): number[] {
    return this.live(channelId).map(({ seq }) => seq)
  }

  live(channelId: Id): LogEvent[] {
    return this.all('event').filter((event) => event.channelId === channelId)
  }

  /** Resolves to the answer; a good one is checked against protocol's schema. */
  async ask(event: UpName, payload: object): Promise<Answer> {
    const answer = (await this.memory.request(event, payload)) as Answer
    if (answer.ok) UP[event].result.parse(answer)
    return answer
  }

  /** Resolves to the code that the request was refused with; fails where it was not. */
  async refusal(event: string, payload: unknown): Promise<string> {
    const answer = (await this.memory.request(event, payload)) as Answer
    assert.equal(answer.ok, false, JSON.stringify(answer))
    return answer.error?.code ?? ''
  }
}

/** Connects and waits for `ready`. Rejects with `Refused`. */
export async function connect(
  node: MemoryNode,
  guest: Guest,
  cursors?: Readonly<Record<Id, Cursor>>,
  more: MemoryHandshake = {},
): Promise<TestClient> {
  const auth = { token: guest.token, ...(cursors && { cursors }) }
  const client = new TestClient(await node.wire.connect({ auth, ...more }))
  await client.nth('ready')
  return client
}

/** The code that a handshake is refused with. */
export async function refusedWith(connecting: Promise<unknown>): Promise<string> {
  try {
    await connecting
  } catch (error) {
    if (error instanceof Refused) return error.error.code
    throw error
  }
  assert.fail('the handshake was not refused')
}
