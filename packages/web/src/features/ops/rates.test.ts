import assert from 'node:assert/strict'
import { test } from 'node:test'
import { newBroker, newNode, newView } from './node.case.ts'
import {
  brokerRates,
  lineWidth,
  NO_RATES,
  pace,
  ratesBetween,
  tallied,
  totalsOf,
  widestOf,
} from './rates.ts'

const look = (at: number, framesOut: number, uptimeMs = at) =>
  newNode('n1', { at, uptimeMs, broker: newBroker({ framesOut, bytesOut: framesOut * 100 }) })

test('a rate is what came in between, by the seconds in between', () => {
  const rates = ratesBetween(look(1_000, 10), look(3_000, 50))
  assert.deepEqual([rates.framesOut, rates.bytesOut, rates.framesIn], [20, 2_000, 0])
})

test('a node that began anew has no rate, and neither has one look', () => {
  assert.deepEqual(ratesBetween(look(1_000, 500), look(2_000, 5, 100)), NO_RATES)
  assert.deepEqual(ratesBetween(look(1_000, 5), look(1_000, 5)), NO_RATES)
  assert.deepEqual(brokerRates([newView(1_000, look(1_000, 5))]).get('n1'), NO_RATES)
})

test('rates are over four seconds, even where a look brought nothing new', () => {
  const looks = [1_000, 6_000, 8_000, 10_000, 10_000].map((at) => newView(at, look(at, at / 100)))
  assert.equal(brokerRates(looks).get('n1')?.framesOut, 10)
})

test('where looks are five seconds apart, a rate is since the look before', () => {
  const looks = [1_000, 6_000].map((at) => newView(at, look(at, at / 100)))
  assert.equal(brokerRates(looks).get('n1')?.framesOut, 10)
})

test('totals are sums over the nodes, and the slowest delivery', () => {
  const one = newNode('a', { connections: { websocket: 5, polling: 1 }, people: 3 })
  const two = newNode('b', {
    connections: { websocket: 2, polling: 0 },
    delivery: { p50Ms: 1, p99Ms: 30, events: 9 },
  })
  const { connections, polling, people, p99Ms } = totalsOf(newView(1, one, two))
  assert.deepEqual([connections, polling, people, p99Ms], [8, 1, 3, 30])
  assert.equal(totalsOf(newView(1, one)).p99Ms, undefined)
})

test('reasons of all nodes are added up, most first', () => {
  const nodes = [
    newNode('a', { refusals: { busy: 2, none: 0 } }),
    newNode('b', { refusals: { busy: 1, forbidden: 7 } }),
  ]
  assert.deepEqual(
    tallied(nodes, ({ refusals }) => refusals),
    [
      ['forbidden', 7],
      ['busy', 3],
    ],
  )
})

test('more is wider and faster, and nothing stands still', () => {
  const width = (amount: number, widest = 9) => lineWidth(amount, 10, widest)
  assert.ok(width(0) < width(1) && width(1) < width(10))
  assert.equal(width(20), width(10))
  assert.ok(width(10, widestOf(20)) < width(10, widestOf(3)))
  assert.deepEqual([0, 0.2, 10, 5_000].map(pace), [0, 1, 2, 3])
})
