/** What every wire must do, whatever it is made of. */
import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import { type ErrorBody, errorBody, LIMITS } from '@madang/protocol'
import fc from 'fast-check'
import type { Admission, Connection, Door, Handshake, Reply, Wire } from './wire.ts'
import { namespaceCases, notice, numbers } from './wire-namespaces.case.ts'

export interface State {
  readonly name: string
}

export interface WireClient {
  /** Everything that arrived, in order; the answer to request n as `['answer n', answer]`. */
  readonly seen: readonly (readonly [string, unknown])[]
  /** What Socket.IO's own client would come back with. */
  recovery(): { readonly pid: string | undefined; readonly offset: string | undefined }
  /** Sends without asking for an answer. */
  emit(...args: unknown[]): void
  /** Sends and asks for an answer, which is put into `seen`. */
  ask(n: number, event: string, payload?: unknown): void
  /** Resolves when `count` things were seen. */
  until(count: number): Promise<void>
  /** Resolves to whether the client may come back by itself, when the connection is closed. */
  readonly closed: Promise<boolean>
  close(): void
}

export interface WireUnderTest {
  readonly wire: Wire<State>
  /** Rejects with the error that the client was told; `error` is undefined where a client cannot read it. */
  connect(auth: object): Promise<WireClient>
  /** One client that connects to these namespaces. */
  connectTo(auth: object, namespaces: readonly string[]): Promise<readonly WireClient[]>
  /** Begins to connect, and goes away once `admitting` has resolved; resolves when the wire can know. */
  connectAndLeave(auth: object, admitting: Promise<void>): Promise<void>
  stop(): Promise<void>
}

export class RefusedClient extends Error {
  readonly error: ErrorBody | undefined

  constructor(error: ErrorBody | undefined) {
    super(error?.code ?? 'refused')
    this.error = error
  }
}

/** A door that writes down what it is told. */
export class Doorman implements Door<State> {
  readonly told: string[] = []
  readonly connections = new Map<string, Connection<State>>()
  readonly handshakes: Handshake[] = []
  decide: (handshake: Handshake) => Promise<Admission<State>> = async ({ auth }) => ({
    ok: true,
    state: { name: nameIn(auth) },
  })
  refusal: ErrorBody | undefined
  onReceived: (from: Connection<State>, event: string, payload: unknown, reply: Reply) => void =
    () => {}
  #waiting: (() => void)[] = []

  knock(): ErrorBody | undefined {
    return this.refusal
  }

  serves(namespace: string): boolean {
    return namespace === '/' || namespace.startsWith('/hall-')
  }

  admit(handshake: Handshake): Promise<Admission<State>> {
    this.handshakes.push(handshake)
    this.#tell(`admit ${nameIn(handshake.auth)}`)
    return this.decide(handshake)
  }

  abandoned(state: State): void {
    this.#tell(`abandoned ${state.name}`)
  }

  opened(connection: Connection<State>): void {
    this.connections.set(connection.state.name, connection)
    this.#tell(`opened ${connection.state.name}`)
  }

  received(
    connection: Connection<State>,
    event: string,
    args: readonly unknown[],
    reply: Reply,
  ): void {
    const said = args.length === 0 ? 'undefined' : args.map((arg) => JSON.stringify(arg)).join(' ')
    this.#tell(`received ${connection.state.name} ${event} ${said}`)
    this.onReceived(connection, event, args[0], reply)
  }

  malformed(connection: Connection<State>, error: ErrorBody, reply: Reply): void {
    this.#tell(`malformed ${connection.state.name} ${error.code}`)
    reply({ ok: false, error })
  }

  drained(connection: Connection<State>): void {
    this.#tell(`drained ${connection.state.name}`)
  }

  ponged(): void {
    this.#tell('ponged')
  }

  closed(connection: Connection<State>): void {
    this.connections.delete(connection.state.name)
    this.#tell(`closed ${connection.state.name}`)
  }

  connection(name: string): Connection<State> {
    const connection = this.connections.get(name)
    assert.ok(connection, `${name} is connected`)
    return connection
  }

  /** Resolves when this was told, so often. */
  async until(what: string, times = 1): Promise<void> {
    while (this.told.filter((line) => line === what).length < times) {
      await new Promise<void>((resolve) => this.#waiting.push(resolve))
    }
  }

  #tell(line: string): void {
    this.told.push(line)
    for (const resolve of this.#waiting.splice(0)) resolve()
  }
}

function nameIn(auth: unknown): string {
  return typeof auth === 'object' && auth !== null && 'name' in auth ? String(auth.name) : 'nobody'
}

const nested = (depth: number): unknown => (depth === 0 ? 1 : [nested(depth - 1)])
export function wireCases(kind: string, newWire: () => Promise<WireUnderTest>): void {
  async function given(t: TestContext) {
    const under = await newWire()
    const door = new Doorman()
    t.after(() => under.stop())
    await under.wire.start(door)
    return { ...under, door }
  }

  describe(`a wire: ${kind}`, () => {
    it('opens a connection with the state that it was admitted with', async (t) => {
      const { connect, door, wire } = await given(t)
      await connect({ name: 'ann', more: { deep: true } })
      await door.until('opened ann')
      assert.deepEqual(door.told, ['admit ann', 'opened ann'])
      assert.deepEqual(door.handshakes[0]?.auth, { name: 'ann', more: { deep: true } })
      assert.notEqual(door.handshakes[0]?.address, '')
      assert.deepEqual(wire.connections(), [door.connection('ann')])
      assert.equal(wire.count().websocket + wire.count().polling, 1)
    })

    it('tells a refused client why, and opens nothing', async (t) => {
      const { connect, door, wire } = await given(t)
      const error = errorBody('rate_limited', { retryAfterMs: 250 })
      door.decide = async () => ({ ok: false, error })
      await assert.rejects(connect({ name: 'ann' }), (refused: RefusedClient) => {
        assert.equal(refused.message, 'rate_limited')
        assert.deepEqual(refused.error, error)
        return true
      })
      assert.deepEqual(door.told, ['admit ann'])
      assert.deepEqual(wire.connections(), [])
    })

    it('calls an admission that failed an internal error', async (t) => {
      const { connect, door } = await given(t)
      door.decide = () => Promise.reject(new Error('secret'))
      await assert.rejects(connect({ name: 'ann' }), { message: 'internal' })
    })

    it('makes nothing for a client that is refused at the door', async (t) => {
      const { connect, door } = await given(t)
      door.refusal = errorBody('busy', { retryAfterMs: 2_000 })
      await assert.rejects(connect({ name: 'ann' }))
      assert.deepEqual(door.told, [])
    })

    it('refuses an auth that is nested too deeply without asking', async (t) => {
      const { connect, door } = await given(t)
      const auth = { name: 'ann', deep: nested(LIMITS.payloadDepthMax) }
      await assert.rejects(connect(auth), { message: 'too_deep' })
      assert.deepEqual(door.told, [])
    })

    namespaceCases(given)

    it('gives back what a client took that left while it was admitted', async (t) => {
      const { connectAndLeave, door, wire } = await given(t)
      const left = Promise.withResolvers<Admission<State>>()
      door.decide = () => left.promise
      const leaving = connectAndLeave({ name: 'ann' }, door.until('admit ann'))
      if (kind !== 'memory') await leaving
      left.resolve({ ok: true, state: { name: 'ann' } })
      await leaving
      await door.until('abandoned ann')
      assert.deepEqual(door.told, ['admit ann', 'abandoned ann'])
      assert.deepEqual(wire.connections(), [])
    })

    it('hands over what a client sends in order, and only well-formed requests', async (t) => {
      const { connect, door } = await given(t)
      const ann = await connect({ name: 'ann' })
      ann.emit('one', { a: 1 })
      ann.emit('two')
      ann.emit('__proto__', { constructor: null })
      ann.emit('error', 'x')
      ann.emit(7, {})
      ann.emit('three', {}, {})
      ann.emit('three', {}, nested(LIMITS.payloadDepthMax + 1))
      ann.emit('deep', nested(LIMITS.payloadDepthMax))
      ann.emit('deeper', nested(LIMITS.payloadDepthMax + 1))
      ann.emit('last', null)
      await door.until('received ann last null')
      assert.deepEqual(door.told.slice(2), [
        'received ann one {"a":1}',
        'received ann two undefined',
        'received ann __proto__ {"constructor":null}',
        'received ann error "x"',
        'malformed ann invalid',
        'received ann three {} {}',
        'malformed ann too_deep',
        `received ann deep ${JSON.stringify(nested(LIMITS.payloadDepthMax))}`,
        'malformed ann too_deep',
        'received ann last null',
      ])
    })

    it('answers a request once, and one that asked for no answer never', async (t) => {
      const { connect, door } = await given(t)
      door.onReceived = (_, __, payload, reply) => {
        reply({ ok: true, payload })
        reply({ ok: false })
      }
      const ann = await connect({ name: 'ann' })
      ann.ask(1, 'first', 'a')
      ann.emit('second', 'b')
      ann.ask(3, 'third', 'c')
      await ann.until(2)
      door.connection('ann').emit('goaway', notice(4))
      await ann.until(3)
      assert.deepEqual(ann.seen, [
        ['answer 1', { ok: true, payload: 'a' }],
        ['answer 3', { ok: true, payload: 'c' }],
        ['goaway', notice(4)],
      ])
    })

    it('emits to those who are in the room at that moment, but for the excepted', async (t) => {
      const { connect, door, wire } = await given(t)
      const [ann, bob, cyd] = await Promise.all(
        ['ann', 'bob', 'cyd'].map((name) => connect({ name })),
      )
      assert.ok(ann && bob && cyd)
      const connections = ['ann', 'bob', 'cyd'].map((name) => door.connection(name))
      const [a, b, c] = connections
      assert.ok(a && b && c)
      a.join('here')
      b.join('here')
      b.join('here')
      assert.deepEqual(new Set(wire.in('here')), new Set([a, b]))
      wire.emitTo('here', 'goaway', notice(1))
      c.join('here')
      b.leave('here')
      wire.emitTo('here', 'goaway', notice(2), { except: [a.id] })
      wire.emitTo('nowhere', 'goaway', notice(3))
      for (const connection of connections) connection.emit('goaway', notice(9))
      await Promise.all([ann.until(2), bob.until(2), cyd.until(2)])
      assert.deepEqual(numbers(ann), ['goaway 1', 'goaway 9'])
      assert.deepEqual(numbers(bob), ['goaway 1', 'goaway 9'])
      assert.deepEqual(numbers(cyd), ['goaway 2', 'goaway 9'])
      assert.deepEqual(new Set(wire.in('here')), new Set([a, c]))
    })

    it('keeps the order of everything that a connection is sent', async (t) => {
      const { connect, door, wire } = await given(t)
      const clients = await Promise.all(['ann', 'bob'].map((name) => connect({ name })))
      const kinds = fc.constantFrom('emit', 'room', 'join', 'leave', 'answer', 'pause')
      const step = fc.record({ kind: kinds, who: fc.constantFrom(0, 1), room: fc.nat(2) })
      let sent = 0
      const replies: Reply[][] = [[], []]
      door.onReceived = (from, _, __, reply) => {
        replies[from.state.name === 'ann' ? 0 : 1]?.push(reply)
      }
      const expected: string[][] = [[], []]
      const play = async (steps: { kind: string; who: number; room: number }[]) => {
        const rooms = [new Set<number>(), new Set<number>()]
        const connections = ['ann', 'bob'].map((name) => door.connection(name))
        for (const { kind, who, room } of steps) {
          const connection = connections[who]
          const mine = expected[who]
          assert.ok(connection && mine)
          const n = ++sent
          if (kind === 'emit') {
            connection.emit('goaway', notice(n))
            mine.push(`goaway ${n}`)
          } else if (kind === 'room') {
            wire.emitTo(`r${room}`, 'goaway', notice(n), { droppable: n % 2 === 0 })
            for (const i of [0, 1]) if (rooms[i]?.has(room)) expected[i]?.push(`goaway ${n}`)
          } else if (kind === 'join') {
            connection.join(`r${room}`)
            rooms[who]?.add(room)
          } else if (kind === 'leave') {
            connection.leave(`r${room}`)
            rooms[who]?.delete(room)
          } else if (kind === 'answer') {
            clients[who]?.ask(n, 'question', n)
            await door.until(`received ${connection.state.name} question ${n}`)
            replies[who]?.pop()?.(notice(n))
            mine.push(`answer ${n} ${n}`)
          } else await new Promise((resolve) => setImmediate(resolve))
        }
        for (const [i, connection] of connections.entries()) {
          for (const room of [0, 1, 2]) connection.leave(`r${room}`)
          await clients[i]?.until(expected[i]?.length ?? 0)
          const client = clients[i]
          assert.ok(client)
          assert.deepEqual(numbers(client), expected[i])
        }
      }
      await fc.assert(fc.asyncProperty(fc.array(step, { maxLength: 40 }), play), { numRuns: 50 })
    })

    it('says why it closes, then closes, and says nothing more', async (t) => {
      const { connect, door, wire } = await given(t)
      const ann = await connect({ name: 'ann' })
      const connection = door.connection('ann')
      connection.join('here')
      const error = errorBody('draining')
      wire.emitTo('here', 'goaway', notice(1))
      connection.close(error, true)
      assert.equal(door.told.at(-1), 'closed ann')
      connection.close(errorBody('internal'), false)
      connection.emit('goaway', notice(2))
      connection.join('there')
      wire.emitTo('here', 'goaway', notice(3))
      assert.deepEqual([wire.in('here'), wire.in('there'), wire.connections()], [[], [], []])
      assert.equal(await ann.closed, true)
      assert.deepEqual(ann.seen, [
        ['goaway', notice(1)],
        ['closed', { error }],
      ])
      assert.equal(door.told.filter((line) => line === 'closed ann').length, 1)
    })

    it('keeps a client from coming back where it says so', async (t) => {
      const { connect, door } = await given(t)
      const ann = await connect({ name: 'ann' })
      const error = errorBody('session_expired')
      door.connection('ann').close(error, false)
      assert.equal(await ann.closed, false)
      assert.deepEqual(ann.seen, [['closed', { error }]])
    })

    it('takes a connection that its client closed out of everything, once', async (t) => {
      const { connect, door, wire } = await given(t)
      const ann = await connect({ name: 'ann' })
      const connection = door.connection('ann')
      connection.join('here')
      ann.close()
      await door.until('closed ann')
      connection.close(errorBody('internal'), true)
      connection.emit('goaway', notice(1))
      assert.deepEqual([wire.in('here'), wire.connections()], [[], []])
      assert.equal(door.told.filter((line) => line === 'closed ann').length, 1)
    })

    it('lets nobody in any more once it refuses, and keeps who is there', async (t) => {
      const { connect, door, wire } = await given(t)
      const ann = await connect({ name: 'ann' })
      wire.refuse()
      await assert.rejects(connect({ name: 'bob' }))
      door.connection('ann').emit('goaway', notice(1))
      await ann.until(1)
      assert.deepEqual(door.told, ['admit ann', 'opened ann'])
    })

    it('closes every connection when it stops, so that clients come back', async (t) => {
      const { connect, door, wire } = await given(t)
      const ann = await connect({ name: 'ann' })
      await Promise.all([wire.stop(), wire.stop()])
      assert.equal(await ann.closed, true)
      assert.deepEqual(ann.seen, [['closed', { error: errorBody('draining') }]])
      assert.deepEqual(wire.connections(), [])
      assert.equal(door.told.at(-1), 'closed ann')
      await assert.rejects(connect({ name: 'bob' }))
    })
  })
}
