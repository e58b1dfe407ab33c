/** Whoever joins and is put out in the same moment ends up knowing what the log says. */
import assert from 'node:assert/strict'
import { it } from 'node:test'
import { seededRandom } from '@madang/fanout/testing'
import type { Store } from '../store/store.ts'
import type { Session } from './session.ts'
import { MemoryWire } from './testing/memory-wire.ts'
import { slowStore } from './testing/slow-store.ts'
import { turnClock } from './testing/turn-clock.ts'
import { newWorld } from './testing/world.ts'

const ROUNDS = 30
/** How slow a store is at the most, and for how long a round is waited for in the end. */
const SLOW_TURNS = 12
const CALM_TURNS = 60

const PLENTY = { burst: 1e9, perSecond: 1e9 }

const turn = () => new Promise<void>((resolve) => setImmediate(resolve))

async function turns(count: number): Promise<void> {
  for (let i = 0; i < count; i++) await turn()
}

/** Nodes over a store that answers after some turns of the loop, as the seed says. */
function slowWorld(seed: number, nodes: number, onStore = (_: Store) => {}) {
  const random = seededRandom(seed)
  return newWorld({
    newWire: () => new MemoryWire<Session>(),
    nodes,
    clock: turnClock,
    options: { rates: { person: PLENTY, address: PLENTY, reads: PLENTY, connection: PLENTY } },
    between: (real) => {
      onStore(real)
      return slowStore(real, () => Math.floor(random() * SLOW_TURNS))
    },
  })
}

it('whoever asks twice for a channel is answered in that order, and has everything after the second answer', async () => {
  const world = await slowWorld(2, 1)
  try {
    const [ann, bob] = [await world.guest('ann'), await world.guest('bob')]
    const { channelId } = await world.place(ann, [bob])
    for (let round = 0; round < ROUNDS; round++) {
      const client = await world.node.wire.connect({ auth: { token: bob.token } })
      await turns(CALM_TURNS)
      const told: string[] = []
      client.ask('join', { channelId }, () => told.push('first'))
      client.ask('join', { channelId }, () => told.push('second'))
      await turns(CALM_TURNS * 4)
      assert.deepEqual(told, ['first', 'second'], `round ${round}`)
      client.close()
    }
    assert.deepEqual(world.errors, [])
  } finally {
    await world.stop()
  }
})

it('a removal that overtakes the answer to a join is told after it', async () => {
  let store: Store | undefined
  const world = await slowWorld(1, 2, (real) => {
    store = real
  })
  try {
    const [ann, bob] = [await world.guest('ann'), await world.guest('bob')]
    let overtaken = 0
    for (let round = 0; round < ROUNDS; round++) {
      const { channelId } = await world.place(ann, [bob])
      await world.core.channels.leave(bob.person, channelId)
      const client = await world.node.wire.connect({ auth: { token: bob.token } })
      await turns(CALM_TURNS)
      const told: string[] = []
      client.onSeen = ({ event }) => {
        if (event === 'gone') told.push(event)
      }
      const { promise, resolve } = Promise.withResolvers<void>()
      client.ask('join', { channelId }, (answer) => {
        const { ok, replay } = answer as { ok: boolean; replay?: { error?: unknown } }
        told.push(ok ? 'joined' : 'refused')
        if (ok && replay?.error !== undefined) overtaken += 1
        resolve()
      })
      const standing = () => store?.channelStanding(channelId, bob.person.id)
      while (((await standing())?.channelRole ?? null) === null) await turn()
      const core = world.nodes[1]?.core
      await core?.channels.kick(ann.person, { channelId, personId: bob.person.id })
      await promise
      await turns(CALM_TURNS)
      assert.deepEqual(told, ['joined', 'gone'], `round ${round}`)
      client.close()
    }
    assert.ok(overtaken > 0, 'no removal was fast enough to try this')
    assert.deepEqual(world.errors, [])
  } finally {
    await world.stop()
  }
})

it('whoever joins what they have open, and is put out meanwhile, hears of the end last', async () => {
  const world = await slowWorld(3, 2)
  try {
    const [ann, bob] = [await world.guest('ann'), await world.guest('bob')]
    const core = world.nodes[1]?.core
    let overtaken = 0
    for (let round = 0; round < ROUNDS; round++) {
      const { channelId } = await world.place(ann, [bob])
      const auth = { token: bob.token, open: { [channelId]: null } }
      const client = await world.node.wire.connect({ auth })
      await turns(CALM_TURNS)
      const told: string[] = []
      client.onSeen = ({ event }) => {
        if (event === 'gone') told.push(event)
      }
      client.ask('join', { channelId }, (answer) => {
        const { ok } = answer as { ok: boolean }
        told.push(ok ? 'joined' : 'refused')
      })
      await core?.channels.kick(ann.person, { channelId, personId: bob.person.id })
      await turns(CALM_TURNS * 4)
      if (told[0] === 'gone' && told.includes('joined')) overtaken += 1
      const last = told.findLast((word) => word !== 'refused')
      assert.equal(last, 'gone', `round ${round}: ${told.join(', ')}`)
      client.close()
    }
    assert.ok(overtaken > 0, 'no removal was fast enough to try this')
    assert.deepEqual(world.errors, [])
  } finally {
    await world.stop()
  }
})
