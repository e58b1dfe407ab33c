// The same cases against Socket.IO's own adapter, and against ours with one node and with three: what a user sees is the same.
import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { Server } from 'socket.io'
import { AdapterGround, type AdapterGroundOptions } from '../testing/adapter-ground.ts'
import { broadcastCases } from './broadcast.case.ts'
import { callCases } from './calls.case.ts'

const setups: Readonly<Record<string, AdapterGroundOptions>> = {
  'stock, one node': { nodes: 1, stock: true },
  'one node': { nodes: 1 },
  'three nodes': { nodes: 3 },
  'three nodes, a parser of their own': {
    nodes: 3,
    server: { parser: { ...new Server()._parser } },
  },
  'three nodes, no default room': { nodes: 3, adapter: { defaultRoom: false } },
}

for (const [name, options] of Object.entries(setups)) {
  suite(name, () => {
    for (const [what, run] of Object.entries({ ...broadcastCases, ...callCases })) {
      test(what, async () => {
        const ground = await AdapterGround.open(options)
        try {
          await run(ground)
          for (const events of ground.events) {
            assert.deepEqual(
              events.filter(({ kind }) => kind === 'error' || kind.endsWith('-frame')),
              [],
            )
          }
        } finally {
          await ground.close()
        }
        assert.equal(ground.hub.topics, 0)
      })
    }
  })
}
