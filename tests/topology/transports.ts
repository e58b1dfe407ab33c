// Many stock clients of each transport in one channel: what they saw, and whether any of them ever lost its session.
import assert from 'node:assert/strict'
import type { LogEvent } from '@madang/protocol'
import { createRestClient } from '@madang/server/testing'
import { io, type Socket } from 'socket.io-client'

/** How a client comes in; `upgrading` begins with long-polling. */
export const KINDS = {
  polling: ['polling'],
  upgrading: ['polling', 'websocket'],
  websocket: ['websocket'],
} as const

type Kind = keyof typeof KINDS

/** Clients that come in at the same time: their handshakes are what costs. */
const AT_ONCE = 25

class Client {
  readonly kind: Kind
  readonly socket: Socket
  readonly seqs: number[] = []
  /** Every refusal, every lost connection: there must be none. */
  readonly troubles: string[] = []
  readonly ready: Promise<unknown>
  #look = () => {}

  constructor(url: string, token: string, kind: Kind) {
    this.kind = kind
    this.socket = io(url, {
      auth: { token, wire: 1 },
      transports: [...KINDS[kind]],
      forceNew: true,
    })
    this.ready = new Promise((resolve) => this.socket.once('ready', resolve))
    this.socket.on('connect_error', (error) => this.troubles.push(String(error)))
    this.socket.on('disconnect', (reason) => this.troubles.push(reason))
    this.socket.on('event', (event: LogEvent) => {
      if (event.kind !== 'created') return
      this.seqs.push(event.seq)
      this.#look()
    })
  }

  get transport(): string {
    return this.socket.io.engine.transport.name
  }

  has(messages: number): Promise<void> {
    return new Promise((resolve) => {
      this.#look = () => {
        if (this.seqs.length >= messages) resolve()
      }
      this.#look()
    })
  }

  upgraded(): Promise<unknown> {
    if (this.kind !== 'upgrading' || this.transport === 'websocket') return Promise.resolve()
    return new Promise((resolve) => this.socket.io.engine.once('upgrade', resolve))
  }
}

/**
 * `each` clients of every kind come in, everybody upgrades who wants to, then some of every kind write `rounds` messages each. Passes where everybody saw every
 * message once and in order, and nobody was ever refused or thrown out.
 */
export async function converse(url: string, each: number, rounds = 3): Promise<void> {
  const stranger = createRestClient(url)
  const { session } = await stranger.call('createGuest', { body: { name: 'Crowd' } })
  const rest = stranger.as(session.token)
  const channelId = (await rest.call('listUnread')).channels[0]?.channelId ?? assert.fail()
  const clients: Client[] = []
  try {
    const kinds = (Object.keys(KINDS) as Kind[]).flatMap((kind) => Array<Kind>(each).fill(kind))
    for (let from = 0; from < kinds.length; from += AT_ONCE) {
      const some = kinds
        .slice(from, from + AT_ONCE)
        .map((kind) => new Client(url, session.token, kind))
      clients.push(...some)
      await Promise.all(some.map(({ ready }) => ready))
    }
    await Promise.all(clients.map((client) => client.upgraded()))
    const writers = clients.filter((_, at) => at % Math.ceil(each / 4) === 0)
    for (let round = 0; round < rounds; round++) {
      await Promise.all(
        writers.map(async ({ socket }, at) => {
          const message = { channelId, clientId: `w${at}-${round}`, text: `${at} ${round}` }
          const answer = await socket.emitWithAck('send', message)
          assert.equal(answer.error, undefined, JSON.stringify(answer))
        }),
      )
    }
    const total = writers.length * rounds
    await Promise.all(clients.map((client) => client.has(total)))
    for (const { kind, seqs, troubles, transport } of clients) {
      assert.deepEqual(troubles, [], kind)
      assert.equal(transport, kind === 'polling' ? 'polling' : 'websocket')
      assert.deepEqual(seqs, clients[0]?.seqs)
      assert.deepEqual(
        seqs,
        [...new Set(seqs)].sort((a, b) => a - b),
        kind,
      )
      assert.equal(seqs.length, total)
    }
  } finally {
    for (const { socket } of clients) socket.disconnect()
  }
}
