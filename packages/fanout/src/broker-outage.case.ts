/** What every broker must do when its server goes away: the second half of the suite. */
import assert from 'node:assert/strict'
import { type BrokerOutage, bytes, type Ground, hears, say } from './testing/ground.ts'

export const outageCases = {
  async 'an outage is told, and all that is wanted is true again after it'(
    ground: Ground,
    outage: BrokerOutage,
  ) {
    const [a, b] = await ground.nodes()
    await Promise.all([a.broker.subscribe('stays'), a.broker.subscribe('goes')])
    await outage.cut()
    for (const { heard } of [a, b]) {
      await heard.until('the outage is told', () => heard.healths.at(-1)?.connected === false)
    }
    const gaps = a.heard.gaps.length
    await Promise.all([a.broker.subscribe('comes'), a.broker.unsubscribe('goes')])
    await outage.heal()
    for (const { heard } of [a, b]) {
      await heard.until('the end is told', () => heard.healths.at(-1)?.connected === true)
    }
    await a.heard.until('the gap is told', () => a.heard.gaps.length > gaps)
    await Promise.all([a.broker.subscribe('stays'), a.broker.subscribe('comes')])
    for (const topic of ['goes', 'stays', 'comes']) say(b, topic, 'after')
    await Promise.all([hears(a, 'stays', 'after'), hears(a, 'comes', 'after')])
    assert.deepEqual(a.heard.texts('goes'), [])
  },

  async 'frames that wait out an outage are bounded'(ground: Ground, outage: BrokerOutage) {
    const [a] = await ground.nodes()
    await outage.cut()
    await a.heard.until('it is told', () => a.heard.healths.at(-1)?.connected === false)
    let refused = 0
    for (let i = 0; i < outage.queueFramesMax + 10; i++) {
      if (!a.broker.publish('t', bytes('x'))) refused += 1
    }
    assert.equal(a.broker.droppedFrames, refused)
    assert.ok(refused >= 10, `${refused} were refused`)
    await outage.heal()
  },

  async 'a broker starts without its server, and works once it is there'(
    ground: Ground,
    outage: BrokerOutage,
  ) {
    await outage.cut()
    const a = await ground.node()
    assert.equal(a.heard.healths.at(-1)?.connected, false)
    await a.broker.subscribe('t')
    await outage.heal()
    const b = await ground.node()
    for (const { heard } of [a, b]) {
      await heard.until('it is there', () => heard.healths.at(-1)?.connected === true)
    }
    await a.heard.until('the gap is told', () => a.heard.gaps.length > 0)
    await a.broker.subscribe('t')
    say(b, 't', 'x')
    await hears(a, 't', 'x')
  },

  async 'a broker stops without its server'(ground: Ground, outage: BrokerOutage) {
    const [a] = await ground.nodes()
    await outage.cut()
    a.broker.publish('t', bytes('never leaves'))
    await a.broker.stop()
    await outage.heal()
  },
}
