// What the steps cost that a node remembers although nobody follows them: the bytes are held to the bound that is promised, the time is told as a diagnostic.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { heldHeapBytes } from '@madang/fanout/testing'
import { systemClock } from '../clock.ts'
import { FOLLOW_LIMITS, Follower, type Step } from './follower.ts'

/** What the docs promise for one step. */
const BYTES_MAX = 400
const ROUNDS = 20

const idOf = (n: number) => `00000000-0000-7000-8000-${String(n).padStart(12, '0')}`

/** As many as are remembered, each with strings of its own, as they come out of a parser. */
function stepsOf(round: number): readonly Step[] {
  return Array.from({ length: FOLLOW_LIMITS.rememberedMax }, (_, n) => ({
    ...{ step: 'appended', kind: 'text', channelId: idOf(1), seq: n },
    eventId: idOf(round * FOLLOW_LIMITS.rememberedMax + n),
    personId: idOf(n),
  }))
}

/** The CPU time that `run` takes, in µs. */
function cpuOf(run: () => void): number {
  const from = process.cpuUsage()
  run()
  const { user, system } = process.cpuUsage(from)
  return user + system
}

test('a remembered step takes no more memory than is promised', async (t) => {
  const follower = new Follower('n1', systemClock)
  const noteAll = (round: number) => {
    const steps = stepsOf(round)
    return cpuOf(() => {
      for (const step of steps) follower.note(step)
    })
  }
  // Code that is compiled meanwhile is not to be counted.
  noteAll(0)
  follower.stop()
  const before = await heldHeapBytes()
  const times = Array.from({ length: ROUNDS }, (_, round) => noteAll(round + 1))
  const bytes = Math.round(((await heldHeapBytes()) - before) / FOLLOW_LIMITS.rememberedMax)
  const us = times.reduce((sum, time) => sum + time, 0) / ROUNDS / FOLLOW_LIMITS.rememberedMax
  t.diagnostic(`a step: ${bytes} bytes, ${us.toFixed(2)} µs of CPU`)
  assert.ok(follower.ask({ channelId: idOf(1) }).length > 0)
  assert.ok(bytes <= BYTES_MAX, `${bytes} bytes`)
})
