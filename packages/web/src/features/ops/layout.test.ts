import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Box, type Layout, narrowLayout, wideLayout } from './layout.ts'

const WAYS = { wide: wideLayout, narrow: narrowLayout }
const COUNTS = Array.from({ length: 20 }, (_, at) => at + 1)

const overlap = (a: Box, b: Box): boolean =>
  a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height

function boxesOf({ people, proxy, broker, store, nodes }: Layout): readonly Box[] {
  return [people, proxy, broker, store, ...nodes]
}

for (const [name, layoutOf] of Object.entries(WAYS)) {
  test(`no part of the ${name} picture covers another or leaves it, for 1 to 20 nodes`, () => {
    for (const count of COUNTS) {
      const layout = layoutOf(count)
      const boxes = boxesOf(layout)
      assert.equal(layout.nodes.length, count)
      for (const [at, box] of boxes.entries()) {
        const { x, y, width, height } = box
        assert.ok(x >= 0 && y >= 0, `${count} nodes: part ${at} begins outside`)
        assert.ok(
          x + width <= layout.width && y + height <= layout.height,
          `${count} nodes: part ${at} ends outside`,
        )
        for (const other of boxes.slice(at + 1)) assert.ok(!overlap(box, other), `${count} nodes`)
      }
    }
  })

  test(`every node of the ${name} picture has its lines, and they begin and end at boxes`, () => {
    for (const { x, y, width, height, wires } of layoutOf(7).nodes) {
      assert.ok(wires.proxy.startsWith('M') && endOf(wires.proxy) === x)
      for (const wire of [wires.broker, wires.store]) {
        const [fromX = 0, fromY = 0] = wire
          .slice(1)
          .split(/[ A-Za-z]/)
          .map(Number)
        assert.equal(fromX, x + width)
        assert.ok(fromY > y && fromY < y + height)
      }
    }
  })
}

/** Where a line arrives: the last x of a curve, or of a level stretch. */
function endOf(path: string): number {
  const level = /H(-?[\d.]+)$/.exec(path)?.[1]
  return Number(level ?? path.split(' ').at(-2))
}

test('the more nodes, the less is said of each', () => {
  assert.deepEqual(
    [1, 4, 5, 9, 10, 20].map((count) => wideLayout(count).detail),
    ['full', 'full', 'two', 'two', 'line', 'line'],
  )
})

test('what lines carry is written where they do not turn to, and never on one another', () => {
  for (const count of [1, 2, 3, 4]) {
    for (const { texts, y, height } of wideLayout(count).nodes) {
      assert.ok(texts && texts.storeY - texts.brokerY >= 14, `${count} nodes`)
      assert.ok(texts.brokerY > y && texts.storeY <= y + height)
    }
  }
})
