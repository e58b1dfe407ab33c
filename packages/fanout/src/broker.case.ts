/** What every broker must do: the suite that all of them pass, each against its real server. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { outageCases } from './broker-outage.case.ts'
import { type BrokerCluster, bytes, Ground, hears, say } from './testing/ground.ts'
import { Recorder } from './testing/recorder.ts'

export type { BrokerCluster, BrokerOutage } from './testing/ground.ts'

export interface BrokerCasesOptions {
  readonly name: string
  newCluster(): Promise<BrokerCluster>
  /** Cases that this broker cannot pass by its nature, with the reason. */
  readonly skip?: Partial<Record<BrokerCaseName, string>>
  /** Why none of them can run here: what `need` says of a server that this machine lacks. */
  readonly missing?: string | false
}

const cases = {
  async 'start says whether the server is there'({ cluster }: Ground) {
    const broker = cluster.newBroker()
    const heard = new Recorder()
    await broker.start(heard)
    assert.deepEqual(
      heard.healths.map((health) => health.connected),
      [true],
    )
    await broker.stop()
  },

  async 'subscribed means subscribed: the next frame of any node arrives'(ground: Ground) {
    const [a, b] = await ground.nodes()
    for (let round = 0; round < 50; round++) {
      await a.broker.subscribe(`round ${round}`)
      say(b, `round ${round}`, 'first')
    }
    for (let round = 0; round < 50; round++) await hears(a, `round ${round}`, 'first')
  },

  async 'a node does not get its own frames'(ground: Ground) {
    const [a, b] = await ground.nodes()
    await Promise.all([a.broker.subscribe('t'), b.broker.subscribe('t')])
    say(a, 't', 'from a')
    await hears(b, 't', 'from a')
    say(b, 't', 'from b')
    await hears(a, 't', 'from b')
    assert.deepEqual(a.heard.texts('t'), ['from b'])
    assert.deepEqual(b.heard.texts('t'), ['from a'])
  },

  async 'a frame reaches every subscriber of its topic and nobody else'(ground: Ground) {
    const [a, b, c] = await ground.nodes()
    await Promise.all([a.broker.subscribe('one'), b.broker.subscribe('one')])
    await Promise.all([b.broker.subscribe('two'), a.broker.subscribe('end')])
    say(c, 'two', 'x')
    say(c, 'one', 'y')
    await Promise.all([hears(a, 'one', 'y'), hears(b, 'one', 'y'), hears(b, 'two', 'x')])
    say(c, 'end', 'z')
    await hears(a, 'end', 'z')
    assert.deepEqual(a.heard.texts('two'), [])
    assert.deepEqual(c.heard.frames, [])
  },

  async 'frames of one publisher and topic arrive in the order of publishing'(ground: Ground) {
    const [a, b, c] = await ground.nodes()
    await Promise.all([c.broker.subscribe('t'), c.broker.subscribe('u')])
    const count = 300
    for (let i = 0; i < count; i++) {
      for (const topic of ['t', 'u']) {
        say(a, topic, `a ${i}`)
        say(b, topic, `b ${i}`)
      }
      if (i % 100 === 99) await Promise.all([hears(c, 't', `a ${i}`), hears(c, 'u', `b ${i}`)])
    }
    for (const topic of ['t', 'u']) {
      for (const who of ['a', 'b']) {
        await hears(c, topic, `${who} ${count - 1}`)
        const heard = c.heard.texts(topic).filter((text) => text.startsWith(who))
        assert.deepEqual(
          heard,
          Array.from({ length: count }, (_, i) => `${who} ${i}`),
        )
      }
    }
  },

  async 'subscribing twice is subscribing once'(ground: Ground) {
    const [a, b] = await ground.nodes()
    await Promise.all([a.broker.subscribe('t'), a.broker.subscribe('t')])
    await a.broker.subscribe('t')
    say(b, 't', 'one')
    say(b, 't', 'two')
    await hears(a, 't', 'two')
    assert.deepEqual(a.heard.texts('t'), ['one', 'two'])
    await a.broker.unsubscribe('t')
    await a.broker.subscribe('end')
    say(b, 't', 'three')
    say(b, 'end', 'end')
    await hears(a, 'end', 'end')
    assert.deepEqual(a.heard.texts('t'), ['one', 'two'])
  },

  async 'of calls in one turn the last one wins'(ground: Ground) {
    const [a, b] = await ground.nodes()
    await a.broker.subscribe('stays')
    await Promise.all([
      a.broker.unsubscribe('stays'),
      a.broker.subscribe('stays'),
      a.broker.subscribe('goes'),
      a.broker.unsubscribe('goes'),
      a.broker.subscribe('returns'),
      a.broker.unsubscribe('returns'),
      a.broker.subscribe('returns'),
    ])
    await b.broker.subscribe('goes')
    for (const topic of ['goes', 'stays', 'returns']) say(b, topic, 'x')
    await Promise.all([hears(a, 'stays', 'x'), hears(a, 'returns', 'x')])
    say(b, 'stays', 'end')
    await hears(a, 'stays', 'end')
    assert.deepEqual(a.heard.texts('goes'), [])
    assert.deepEqual(a.heard.texts('stays'), ['x', 'end'])
    assert.deepEqual(a.heard.texts('returns'), ['x'])
  },

  async 'from the call of unsubscribe on, not even a frame on its way arrives'(ground: Ground) {
    const [a, b] = await ground.nodes()
    await Promise.all([a.broker.subscribe('t'), a.broker.subscribe('end')])
    say(b, 't', 'on its way')
    const left = a.broker.unsubscribe('t')
    const heardByThen = [...a.heard.texts('t')]
    await left
    say(b, 't', 'too late')
    say(b, 'end', 'end')
    await hears(a, 'end', 'end')
    assert.deepEqual(a.heard.texts('t'), heardByThen)
  },

  async 'ten thousand topics that came and went leave nothing behind'(ground: Ground) {
    const [a, b] = await ground.nodes()
    const topics = Array.from({ length: 10_000 }, (_, i) => `churn ${i}`)
    await Promise.all(topics.map((topic) => a.broker.subscribe(topic)))
    say(b, 'churn 9999', 'x')
    await hears(a, 'churn 9999', 'x')
    await Promise.all(topics.map((topic) => a.broker.unsubscribe(topic)))
    await a.broker.subscribe('end')
    for (let i = 0; i < 100; i++) say(b, `churn ${i * 100}`, 'nobody')
    say(b, 'end', 'end')
    await hears(a, 'end', 'end')
    assert.equal(a.heard.frames.length, 2)
    await a.broker.unsubscribe('end')
    assert.equal((await ground.cluster.topics?.()) ?? 0, 0)
  },

  async 'a frame is any bytes, from none to the largest'(ground: Ground) {
    const [a, b] = await ground.nodes()
    await a.broker.subscribe('t')
    const frames = [
      Buffer.alloc(0),
      Buffer.from(Array.from({ length: 256 }, (_, i) => i)),
      bytes('마당 🏕 \r\n\u0000'),
      Buffer.alloc(100_000, 0xff),
      Buffer.alloc(ground.cluster.frameBytesMax, 0x80),
    ].filter((frame) => frame.length <= ground.cluster.frameBytesMax)
    for (const frame of frames) assert.equal(b.broker.publish('t', frame), true)
    await a.heard.until('all came', () => a.heard.frames.length === frames.length)
    for (const [i, frame] of frames.entries()) {
      assert.ok(a.heard.frames[i]?.bytes.equals(frame), `frame ${i}`)
    }
  },

  async 'a view into a larger buffer is sent as that view'(ground: Ground) {
    const [a, b] = await ground.nodes()
    await a.broker.subscribe('t')
    assert.equal(
      b.broker.publish('t', new Uint8Array(bytes('..middle..').buffer, 0).subarray()),
      true,
    )
    const whole = new Uint8Array([1, 2, 3, 4, 5, 6])
    assert.equal(b.broker.publish('t', whole.subarray(2, 4)), true)
    await a.heard.until('both came', () => a.heard.frames.length === 2)
    assert.deepEqual([...(a.heard.frames[1]?.bytes ?? [])], [3, 4])
  },

  async 'a frame that is too large is refused and counted, and the next one goes through'(
    ground: Ground,
  ) {
    const [a, b] = await ground.nodes()
    await a.broker.subscribe('t')
    const huge = Buffer.alloc(ground.cluster.frameBytesMax + 1)
    assert.equal(b.broker.droppedFrames, 0)
    assert.equal(b.broker.publish('t', huge), false)
    assert.equal(b.broker.droppedFrames, 1)
    say(b, 't', 'small')
    await hears(a, 't', 'small')
    assert.deepEqual(a.heard.texts('t'), ['small'])
  },

  async 'a topic is any string, and none is a pattern'(ground: Ground) {
    const [a, b] = await ground.nodes()
    const topics = [
      ...['*', '>', 'a.*', 'a.>', '?', '[ab]', 'a.b.c', '.', '..', ' ', 'a b', 'a\r\nb', '{a}b'],
      ...['$SYS', '마당 🏕', '%2a', '__proto__', 'x'.repeat(200), '마'.repeat(200)],
    ]
    await Promise.all(topics.map((topic) => a.broker.subscribe(topic)))
    for (const topic of ['a.x', 'b', 'a.b', 'A B']) say(b, topic, 'for nobody')
    for (const topic of topics) say(b, topic, topic)
    for (const topic of topics) await hears(a, topic, topic)
    assert.equal(a.heard.frames.length, topics.length)
  },

  async 'a listener that throws does not stop what comes next'(ground: Ground) {
    const [a, b] = await ground.nodes()
    await Promise.all([a.broker.subscribe('t'), a.broker.subscribe('u')])
    a.heard.onEach = () => {
      throw new Error('a listener that throws, on purpose')
    }
    for (const text of ['one', 'two', 'three']) say(b, 't', text)
    say(b, 'u', 'other')
    await hears(a, 't', 'three')
    await hears(a, 'u', 'other')
    assert.deepEqual(a.heard.texts('t'), ['one', 'two', 'three'])
  },

  async 'a listener may call its broker'(ground: Ground) {
    const [a, b] = await ground.nodes()
    await Promise.all([a.broker.subscribe('ping'), b.broker.subscribe('pong')])
    a.heard.onEach = (topic) => {
      if (topic !== 'ping') return
      a.broker.publish('pong', bytes('pong'))
      void a.broker.unsubscribe('ping')
      void a.broker.subscribe('more')
    }
    say(b, 'ping', 'ping')
    await hears(b, 'pong', 'pong')
    await a.broker.subscribe('more')
    say(b, 'more', 'more')
    await hears(a, 'more', 'more')
  },

  async 'a listener is never called from within a call'(ground: Ground) {
    const [a, b] = await ground.nodes()
    await Promise.all([a.broker.subscribe('t'), b.broker.subscribe('t')])
    let within = false
    let broken = false
    for (const node of [a, b]) {
      node.heard.onEach = () => {
        broken = broken || within
      }
    }
    for (let i = 0; i < 20; i++) {
      within = true
      say(a, 't', `${i}`)
      void b.broker.subscribe(`other ${i}`)
      void b.broker.unsubscribe(`other ${i}`)
      within = false
    }
    await hears(b, 't', '19')
    assert.equal(broken, false)
  },

  async 'stop lets go what was published before it'(ground: Ground) {
    const [a, b] = await ground.nodes()
    await a.broker.subscribe('t')
    for (let i = 0; i < 100; i++) say(b, 't', `${i}`)
    await b.broker.stop()
    await hears(a, 't', '99')
    assert.equal(a.heard.texts('t').length, 100)
  },

  async 'stop is clean, and twice is once'(ground: Ground) {
    const [a, b] = await ground.nodes()
    await Promise.all([a.broker.subscribe('t'), b.broker.subscribe('t')])
    await Promise.all([a.broker.stop(), a.broker.stop()])
    await a.broker.stop()
    const before = a.heard.frames.length + a.heard.healths.length + a.heard.gaps.length
    assert.equal(a.broker.publish('t', bytes('from the dead')), false)
    await a.broker.subscribe('u')
    await a.broker.unsubscribe('t')
    const c = await ground.node()
    say(c, 't', 'to the living')
    say(c, 'u', 'to nobody')
    await hears(b, 't', 'to the living')
    assert.deepEqual(b.heard.texts('t'), ['to the living'])
    assert.equal(a.heard.frames.length + a.heard.healths.length + a.heard.gaps.length, before)
  },

  async 'a broker can be stopped that was never started'({ cluster }: Ground) {
    const broker = cluster.newBroker()
    await broker.stop()
    assert.equal(broker.publish('t', bytes('x')), false)
  },
}

export type BrokerCaseName = keyof typeof cases | keyof typeof outageCases

/** Registers the suite, each case with a cluster of its own. */
export function brokerCases({ name, newCluster, skip = {}, missing }: BrokerCasesOptions): void {
  const reasons = new Map(Object.entries(skip))
  const register = (title: string, run: (ground: Ground) => Promise<void>) => {
    test(title, { skip: missing || (reasons.get(title) ?? false) }, async () => {
      const ground = new Ground(await newCluster())
      try {
        await run(ground)
      } finally {
        await ground.end()
      }
    })
  }
  describe(`${name} is a broker`, () => {
    for (const [title, run] of Object.entries(cases)) register(title, run)
    for (const [title, run] of Object.entries(outageCases)) {
      register(title, async (ground) => {
        const { outage } = ground.cluster
        assert.ok(outage, 'this cluster cannot be cut: name the case in `skip`, with the reason')
        await run(ground, outage)
      })
    }
  })
}
