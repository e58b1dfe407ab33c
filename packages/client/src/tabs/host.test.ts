import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { HOST_INPUTS, HOST_TABLE, type HostInputName } from '../testing/tabs.table.ts'
import { TAB_BOUNDS } from './bounds.ts'
import { type Host, type HostInput, newHost, stepHost } from './host.ts'

const NOW = 1_000_000
const LATER = NOW + TAB_BOUNDS.tabSilenceMsMax

const unknown = newHost('h1')
const [known] = stepHost(unknown, HOST_INPUTS.hello, NOW)

for (const [state, host] of Object.entries({ unknown, known }) as ['unknown' | 'known', Host][]) {
  for (const [name, does] of Object.entries(HOST_TABLE[state]) as [
    HostInputName,
    readonly string[],
  ][]) {
    test(`a host to which the tab is ${state} does [${does}] with ${name}`, () => {
      const [, effects] = stepHost(host, HOST_INPUTS[name], name === 'silence' ? LATER : NOW)
      assert.deepEqual(
        effects.map((effect) => effect.kind),
        does,
      )
    })
  }
}

const tab = fc.constantFrom('t1', 't2', 't3')
const wants = fc.record({
  started: fc.boolean(),
  open: fc.uniqueArray(fc.constantFrom('c1', 'c2', 'c3')),
})
const input: fc.Arbitrary<HostInput> = fc.oneof(
  fc.record({
    kind: fc.constant('heard' as const),
    message: fc.oneof(
      fc.record({ kind: fc.constant('hello' as const), tab, wants }),
      fc.record({ kind: fc.constant('wants' as const), tab, host: fc.constant('h1'), wants }),
      fc.record({ kind: fc.constant('leave' as const), tab }),
    ),
  }),
  fc.record({ kind: fc.constant('gone' as const), tab }),
)

test('channels are open, and the client runs, exactly while a tab that is there wants it', () => {
  fc.assert(
    fc.property(fc.array(input), (inputs) => {
      let host = unknown
      const open = new Set<string>()
      let runs = false
      for (const one of inputs) {
        const [next, effects] = stepHost(host, one, NOW)
        host = next
        for (const effect of effects) {
          if (effect.kind === 'open') open.add(effect.channelId)
          if (effect.kind === 'close') open.delete(effect.channelId)
          if (effect.kind === 'start') runs = true
          if (effect.kind === 'stop') runs = false
        }
        const all = [...host.tabs.values()].map((known) => known.wants)
        assert.deepEqual([...open].sort(), [...new Set(all.flatMap((one) => one.open))].sort())
        assert.equal(
          runs,
          all.some((one) => one.started),
        )
      }
    }),
  )
})
