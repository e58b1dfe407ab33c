import assert from 'node:assert/strict'
import { it } from 'node:test'
import { FakeClock } from '@madang/fanout/testing'
import { systemRandom } from '../../ids.ts'
import { type Holder, Passes } from './pass.ts'

const guest: Holder = { kind: 'guest', sessionId: 'ab'.repeat(32) }
const person: Holder = { kind: 'person', personId: '01234567-89ab-7def-8123-456789abcdef' }
const USE = { context: 'rooms /', agent: 'Browser/1' }

function given(...secrets: [string, ...string[]]) {
  const clock = new FakeClock()
  return { clock, passes: new Passes({ secrets, clock, randomBytes: systemRandom }) }
}

it('a pass says who holds it, until it expires', async () => {
  const { clock, passes } = given('secret')
  for (const holder of [guest, person]) {
    const pass = passes.issue(holder, USE, clock.now() + 1_000)
    assert.deepEqual(passes.read(pass, USE), holder)
    assert.ok(pass.length <= 128)
    await clock.run(999)
    assert.deepEqual(passes.read(pass, USE), holder)
    await clock.run(1)
    assert.equal(passes.read(pass, USE), undefined)
  }
})

it('no two passes are the same: a client takes the same one for being recovered', () => {
  const { passes, clock } = given('secret')
  const issue = () => passes.issue(guest, USE, clock.now() + 1_000)
  assert.notEqual(issue(), issue())
})

it('a pass of the secret before is good, one of another secret is not', () => {
  const before = given('old')
  const pass = before.passes.issue(guest, USE, before.clock.now() + 1_000)
  assert.deepEqual(given('new', 'old').passes.read(pass, USE), guest)
  assert.equal(given('new').passes.read(pass, USE), undefined)
})

it('a pass is good for its own use alone, and for its browser where both are named', () => {
  const { passes, clock } = given('secret')
  const pass = passes.issue(guest, USE, clock.now() + 1_000)
  assert.equal(passes.read(pass, { ...USE, context: 'communities /' }), undefined)
  assert.equal(passes.read(pass, { ...USE, agent: 'Browser/2' }), undefined)
  assert.deepEqual(passes.read(pass, { ...USE, agent: '' }), guest)
  const nameless = passes.issue(guest, { ...USE, agent: '' }, clock.now() + 1_000)
  assert.deepEqual(passes.read(nameless, USE), guest)
})

it('a pass that was changed anywhere is none', () => {
  const { passes, clock } = given('secret')
  const bytes = Buffer.from(passes.issue(guest, USE, clock.now() + 1_000), 'base64url')
  for (let at = 0; at < bytes.length; at++) {
    const changed = Buffer.from(bytes)
    changed[at] = (changed[at] ?? 0) ^ 1
    assert.equal(passes.read(changed.toString('base64url'), USE), undefined, `byte ${at}`)
  }
  for (const text of [undefined, 7, {}, '', 'a', 'a'.repeat(129), bytes.subarray(0, 20)]) {
    assert.equal(passes.read(text, USE), undefined)
  }
})
