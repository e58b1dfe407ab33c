import assert from 'node:assert/strict'
import { test } from 'node:test'
import { lostOf, mending, worsening } from './netem.ts'

test('what tc is told', () => {
  const bad = { delayMs: 80, jitterMs: 30, lossPercent: 3, hastyPercent: 25 }
  assert.equal(
    worsening('front', bad).join(' '),
    'qdisc replace dev front root netem delay 80ms 30ms loss 3% reorder 25%',
  )
  assert.equal(mending('front').join(' '), 'qdisc del dev front root')
})

test('packets that were lost are counted, and those only', () => {
  const shown = [
    { kind: 'netem', handle: '8001:', root: true, packets: 90, drops: 4 },
    { kind: 'noqueue', handle: '0:', packets: 90, drops: 8 },
  ]
  assert.equal(lostOf(JSON.stringify(shown)), 4)
  assert.equal(lostOf('[]'), 0)
})
