import assert from 'node:assert/strict'
import { it } from 'node:test'
import type { Clock } from '../clock.ts'
import type { Notes } from '../feed/notes.ts'
import { NODES_TOPIC } from '../feed/topics.ts'
import { Pulses } from './pulses.ts'

/** Pulses by hand: what is heard, and when the timer runs, the test says. */
function scene() {
  let now = 0
  let away = false
  let beat = () => {}
  let heard = (_node: string) => {}
  const [said, silent]: [string[], string[]] = [[], []]
  const stills: number[] = []
  const clock: Pick<Clock, 'monotonic' | 'every'> = {
    monotonic: () => now,
    every: (_, run) => {
      beat = run
      return { cancel() {} }
    },
  }
  const notes: Pick<Notes, 'on' | 'hold' | 'release' | 'publish'> = {
    on: (_, handler) => {
      heard = (node) => (handler as (topic: string, body: object) => void)(NODES_TOPIC, { node })
    },
    hold: async () => {},
    release() {},
    publish: (topic) => said.push(topic) > 0,
  }
  const pulses = new Pulses({
    clock: clock as Clock,
    notes: notes as Notes,
    node: 'me',
    brokerAway: () => away,
    bounds: { pulseMs: 2, nodeSilenceMsMax: 10, pauseMsMax: 5 },
    onSilent: (node) => silent.push(node),
    onStill: (ms) => stills.push(ms),
  })
  pulses.start()
  return {
    said,
    silent,
    stills,
    look: () => pulses.look(),
    stop: () => pulses.stop(),
    /** Time in which no timer fires. */
    stand(ms: number) {
      now += ms
    },
    hear: (node: string) => heard(node),
    pass(ms: number, step = 2) {
      for (let left = ms; left > 0; left -= step) {
        now += step
        beat()
      }
    },
    setAway: (value: boolean) => {
      away = value
    },
  }
}

it('tells once of a node that was heard and is silent for too long, and not of itself', () => {
  const { hear, pass, silent } = scene()
  for (const node of ['me', 'other']) hear(node)
  pass(8)
  assert.deepEqual(silent, [])
  pass(20)
  assert.deepEqual(silent, ['other'])
  hear('other')
  pass(20)
  assert.deepEqual(silent, ['other', 'other'])
})

it('blames nobody for what could not be heard: while the broker was away, and while it slept itself', () => {
  const { hear, pass, silent, said, setAway } = scene()
  hear('other')
  setAway(true)
  pass(30)
  assert.deepEqual([silent, said], [[], []])
  setAway(false)
  pass(8)
  assert.deepEqual(silent, [])
  pass(60, 30)
  assert.deepEqual(silent, [])
  pass(10)
  assert.deepEqual(silent, ['other'])
})

it('tells of a standstill once, with how long it was, whether it looks first or a timer fires first', () => {
  const { pass, stand, look, stop, stills } = scene()
  pass(10)
  stand(5)
  look()
  assert.deepEqual(stills, [])
  stand(1)
  look()
  look()
  pass(2)
  assert.deepEqual(stills, [6])
  pass(20, 20)
  look()
  assert.deepEqual(stills, [6, 20])
  stop()
  stand(100)
  look()
  assert.deepEqual(stills, [6, 20])
})
