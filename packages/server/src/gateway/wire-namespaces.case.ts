/** What every wire must do for clients that come back, and for those that have several namespaces. */
import assert from 'node:assert/strict'
import { it, type TestContext } from 'node:test'
import { errorBody } from '@madang/protocol'
import type { Doorman, WireClient, WireUnderTest } from './wire.case.ts'

type Given = WireUnderTest & { readonly door: Doorman }

export const notice = (n: number) => ({ withinMs: n })
export const numbers = (client: WireClient) =>
  client.seen.map(([name, value]) => {
    const inner = value !== null && typeof value === 'object' && 'withinMs' in value
    return `${name} ${inner ? value.withinMs : JSON.stringify(value)}`
  })

export function namespaceCases(given: (t: TestContext) => Promise<Given>): void {
  it('gives a client what it is to come back with, and whatever else an event carries', async (t) => {
    const { connect, door, wire } = await given(t)
    door.decide = async () => ({ ok: true, state: { name: 'ann' }, pid: 'pass' })
    const ann = await connect({ name: 'ann' })
    const connection = door.connection('ann')
    connection.join('here')
    connection.say('words', [{ a: 1 }, 'first'])
    await ann.until(1)
    assert.deepEqual(ann.recovery(), { pid: 'pass', offset: 'first' })
    wire.sayTo('here', 'words', [{ a: 2 }, 'second'])
    wire.sayTo('here', 'words', [{ a: 3 }, 'third'], { except: [connection.id] })
    connection.emit('goaway', notice(1))
    await ann.until(3)
    assert.deepEqual(ann.recovery(), { pid: 'pass', offset: 'second' })
    assert.equal(connection.behind, false)
    connection.close(errorBody('draining'), true, 'last')
    await ann.closed
    assert.deepEqual(ann.recovery(), { pid: 'pass', offset: 'last' })
    assert.deepEqual(numbers(ann).slice(0, 3), ['words {"a":1}', 'words {"a":2}', 'goaway 1'])
    door.decide = async () => ({ ok: true, state: { name: 'bob' } })
    const bob = await connect({ name: 'bob' })
    assert.equal(bob.recovery().pid, undefined)
  })

  it('pings a client when it is told to, and tells of each pong once, whatever became of its namespaces', async (t) => {
    const { connectTo, door, wire } = await given(t)
    door.decide = async ({ namespace }) => ({ ok: true, state: { name: namespace } })
    await connectTo({ name: 'ann' }, ['/hall-a', '/hall-b'])
    for (const name of ['/hall-a', '/hall-b']) await door.until(`opened ${name}`)
    const { client } = door.connection('/hall-a')
    wire.ping(client)
    await door.until('ponged')
    wire.ping(client)
    await door.until('ponged', 2)
    door.connection('/hall-a').part(errorBody('not_member'))
    wire.ping(client)
    await door.until('ponged', 3)
    door.connection('/hall-b').close(errorBody('draining'), true)
    wire.ping(client)
    assert.deepEqual(
      door.told.filter((line) => line === 'ponged'),
      ['ponged', 'ponged', 'ponged'],
    )
  })

  it('keeps the namespaces of one client apart, ends one alone, and closes them together', async (t) => {
    const { connectTo, door, wire } = await given(t)
    door.decide = async ({ namespace }) => ({ ok: true, state: { name: namespace } })
    const names = ['/hall-a', '/hall-b', '/']
    const [a, b, main] = await connectTo({ name: 'ann' }, names)
    assert.ok(a && b && main)
    const connections = names.map((name) => door.connection(name))
    const [first, second, third] = connections
    assert.ok(first && second && third)
    assert.deepEqual(
      connections.map(({ namespace }) => namespace),
      names,
    )
    assert.equal(new Set(connections.map(({ client }) => client)).size, 1)
    assert.equal(new Set(connections.map(({ id }) => id)).size, 3)
    assert.equal(wire.count().websocket + wire.count().polling, 1)
    for (const connection of connections) connection.join('here')
    wire.emitTo('here', 'goaway', notice(1), { except: [second.id] })
    second.emit('goaway', notice(2))
    a.emit('one', 1)
    b.emit('two', 2)
    await Promise.all([a.until(1), b.until(1), main.until(1)])
    await door.until('received /hall-b two 2')
    assert.deepEqual([numbers(a), numbers(b)], [['goaway 1'], ['goaway 2']])
    first.part(errorBody('not_member'))
    assert.equal(await a.closed, false)
    assert.deepEqual(new Set(wire.in('here')), new Set([second, third]))
    wire.emitTo('here', 'goaway', notice(3))
    await Promise.all([b.until(2), main.until(2)])
    second.close(errorBody('draining'), true)
    assert.deepEqual(await Promise.all([b.closed, main.closed]), [true, true])
    await door.until('closed /')
    assert.deepEqual(wire.connections(), [])
  })

  it('has no namespace that the door does not serve', async (t) => {
    const { connectTo, door } = await given(t)
    await assert.rejects(connectTo({ name: 'ann' }, ['/cellar']))
    assert.deepEqual(door.told, [])
  })
}
