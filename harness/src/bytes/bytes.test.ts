import assert from 'node:assert/strict'
import { test } from 'node:test'
import { need } from '../../../tests/services/part.ts'
import { redis } from '../../../tests/services/redis.ts'
import { sumOfPorts } from './bus-bytes.ts'
import { compare, deliveryOf, netOf, QUICK } from './comparison.ts'
import { disagreement, textReport } from './report.ts'
import type { Stretch } from './stage.ts'

const server = await need(redis)

test('the quick comparison delivers everything, and Redis counts what the servers count', {
  skip: server.skip,
}, async () => {
  const lines: string[] = []
  const comparison = await compare(QUICK, (line) => lines.push(line))
  assert.equal(lines.length, QUICK.candidates.length)
  for (const { candidate, base, rooms, beside } of comparison.rows) {
    assert.equal(deliveryOf([base, rooms, beside]), 'all', candidate.name)
    assert.equal(base.delivered.expected, 12 * 12 * 5)
    assert.equal(rooms.delivered.expected, 3 * 4 * 4 * 5)
    assert.ok(netOf(base).in > 60 * 50, `${netOf(base).in} bytes are too few for 60 messages`)
    assert.equal(netOf(base).bus, 0)
  }
  const off = disagreement(comparison)
  assert.ok(off !== undefined && off < 0.02, `the two counts differ by ${off}`)
  // The stock adapter tells every server everything: the method has to see that.
  const stock = comparison.rows.find(({ candidate }) => candidate.whose === 'stock')
  assert.ok(stock && netOf(stock.beside).empty > 60 * 100, 'what an empty server got was not seen')
  const ours = comparison.rows.find(({ candidate }) => candidate.whose === 'ours')
  assert.equal(ours && netOf(ours.beside).empty, 0, 'a server without anybody got something')
  assert.ok(ours && stock && netOf(ours.base).all < netOf(stock.base).all * 1.1)
  assert.match(textReport(comparison), /stock: redis-adapter, one Redis .* all\n/)
})

test('the bytes of a port are those of its accepting ends, both ways', () => {
  const listing = [
    '0      0      127.0.0.1:17001      127.0.0.1:40000',
    '\t cubic wscale:7,7 rto:201 cwnd:10 bytes_sent:500 bytes_acked:500 bytes_received:70 segs_out:5',
    '0      0      127.0.0.1:40000      127.0.0.1:17001',
    '\t cubic wscale:7,7 rto:201 cwnd:10 bytes_sent:70 bytes_acked:70 bytes_received:500 segs_out:5',
    '0      0      [::ffff:127.0.0.1]:17002      [::ffff:127.0.0.1]:40001',
    '\t cubic cwnd:10 bytes_received:7',
    '0      0      127.0.0.1:6379       127.0.0.1:40002',
    '\t cubic cwnd:10 bytes_sent:9999',
  ].join('\n')
  assert.equal(sumOfPorts(listing, [17_001, 17_002]), 577)
})

test('what flows anyway is taken off, and what is missing is told', () => {
  const stretch: Stretch = {
    messages: 10,
    tookMs: 1,
    talk: { in: 100, out: 300, bus: 50, empty: 20, own: undefined },
    idle: { in: 10, out: 10, bus: 30, empty: 20, own: undefined },
    delivered: { expected: 40, arrived: 38, doubled: 1, strayed: 2 },
  }
  assert.deepEqual(netOf(stretch), {
    in: 90,
    out: 290,
    bus: 20,
    all: 400,
    perMessage: 40,
    empty: 0,
  })
  assert.equal(deliveryOf([stretch]), '2 of 40 missing, 1 twice, 2 astray')
  assert.equal(deliveryOf([]), 'all')
  assert.ok(Number.isNaN(netOf({ ...stretch, talk: { ...stretch.talk, bus: undefined } }).all))
})
