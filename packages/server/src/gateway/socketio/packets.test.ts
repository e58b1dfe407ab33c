import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { Decoder as StockDecoder, Encoder as StockEncoder } from 'socket.io-parser'
import { Decoder, decodePacket, encodePacket, type Packet, PacketError } from './packets.ts'

function stock(text: string): Packet {
  const decoder = new StockDecoder()
  const packets: Packet[] = []
  decoder.on('decoded', (packet: Packet) => packets.push(packet))
  decoder.add(text)
  const [packet] = packets
  assert.ok(packet)
  const { type, nsp, id, data } = packet
  return { type, nsp, ...(id !== undefined && { id }), ...(data !== undefined && { data }) }
}

const json = fc.json({ maxDepth: 3 }).map((text): unknown => JSON.parse(text))
const name = fc.constantFrom('send', 'a b', '한글', '__proto__', 'toString', 'error', '')
const nsp = fc.constantFrom('/', '/admin', '/a/b')
const packet: fc.Arbitrary<Packet> = fc.oneof(
  fc.record({ type: fc.constant(0), nsp, data: fc.constantFrom({}, { token: 'x' }, undefined) }),
  fc.record({ type: fc.constant(1), nsp }),
  fc.record({ type: fc.constant(2), nsp, data: fc.tuple(name, json) }),
  fc.record({ type: fc.constant(2), nsp, id: fc.nat(), data: fc.tuple(name, json) }),
  fc.record({ type: fc.constant(3), nsp, id: fc.nat(), data: fc.array(json, { maxLength: 2 }) }),
)

describe('packets', () => {
  it('are read as the stock parser reads them, from our writing and from its', () => {
    fc.assert(
      fc.property(packet, (made) => {
        const ours = encodePacket(made)
        const [theirs = ''] = new StockEncoder().encode({ ...made })
        assert.equal(ours, theirs)
        assert.deepEqual(decodePacket(ours), stock(ours))
      }),
    )
  })

  it('that no chat client may send are refused', () => {
    const refused = [
      ...['', 'x', '9', '-1', ' 2', '4{}', '4"x"', '5', '51-["a",{"_placeholder":true,"num":0}]'],
      ...['450-["a"]', '5999999-["x"]', '551.23-', '61-["a"]', '46-', '45a-', '45'],
      ...['2', '2{}', '2[]', '2null', '2"x"', '2[null]', '2[{"toString":"foo"}]', '2[true,"x"]'],
      ...['2["connect"]', '2["disconnect"]', '2["disconnecting"]', '2["newListener"]'],
      ...['2["removeListener"]', '2["connect_error"]', '0[]', '0"x"', '0null', '1{}', '3{}', '3'],
      ...['2["a"', '2["a"]]', `3${'9'.repeat(30)}["a"]`, `2${'9'.repeat(17)}["a"]`],
      `0/${'n'.repeat(64)},`,
    ]
    for (const text of refused) assert.throws(() => decodePacket(text), PacketError, text)
  })

  it('whatever a client sends, reading it gives a packet or an error, and leaves nothing behind', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.string().map((text) => `2${text}`),
        ),
        (text) => {
          try {
            decodePacket(text)
          } catch (error) {
            assert.ok(error instanceof Error)
          }
          assert.equal(Reflect.get({}, 'polluted'), undefined)
        },
      ),
    )
  })

  it('nested as deeply as a payload can be are read', () => {
    const deep = `2["x",${'['.repeat(32_000)}${']'.repeat(32_000)}]`
    assert.equal(decodePacket(deep).type, 2)
  })

  it('CONNECT is read twice on one connection, then no more', () => {
    const decoder = new Decoder()
    const seen: number[] = []
    decoder.on('decoded', ({ type }) => seen.push(type))
    decoder.add('0{}')
    decoder.add('0/admin,')
    assert.throws(() => decoder.add('0{}'))
    assert.throws(() => decoder.add(Buffer.from('x')))
    decoder.destroy()
    decoder.add('2["x"]')
    assert.deepEqual(seen, [0, 0])
  })
})
