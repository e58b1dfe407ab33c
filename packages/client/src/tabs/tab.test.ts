import assert from 'node:assert/strict'
import { test } from 'node:test'
import { TAB_INPUTS, TAB_TABLE, type TabInputName } from '../testing/tabs.table.ts'
import { TAB_BOUNDS } from './bounds.ts'
import { AFTER_HOST, type Call } from './messages.ts'
import { newTab, stepTab, type Tab, type TabEffect, type TabInput, type TabStatus } from './tab.ts'

const NOW = 1_000_000

const run = (tab: Tab, ...inputs: readonly TabInput[]): Tab =>
  inputs.reduce((at, input) => stepTab(at, input, NOW)[0], tab)

const away = newTab('t1', undefined)
const joined = run(away, TAB_INPUTS.come, TAB_INPUTS.welcome)
const SAMPLES: Record<TabStatus, Tab> = { away, seeking: run(away, TAB_INPUTS.come), joined }

const nameOf = (effect: TabEffect): string =>
  effect.kind === 'post' ? effect.message.kind : effect.kind

for (const [status, row] of Object.entries(TAB_TABLE) as [
  TabStatus,
  (typeof TAB_TABLE)[TabStatus],
][]) {
  for (const [name, { to, does }] of Object.entries(row) as [
    TabInputName,
    (typeof row)[TabInputName],
  ][]) {
    test(`${status} with ${name} is ${to} and does [${does}]`, () => {
      const before = { ...SAMPLES[status], ...(name === 'silence' && { unanswered: 2 }) }
      assert.equal(before.status, status)
      const [after, effects] = stepTab(before, TAB_INPUTS[name], NOW)
      assert.equal(after.status, to)
      assert.deepEqual(effects.map(nameOf), does)
      assert.equal(after.timerAt === undefined, to === 'away')
    })
  }
}

test('a call that was under way when the host died is made again, or answered that nobody knows', () => {
  const calls: Record<Call['do'], Call> = {
    send: { do: 'send', channelId: 'c1', key: 'k', text: 'hi' },
    retry: { do: 'retry', channelId: 'c1', key: 'k' },
    discard: { do: 'discard', channelId: 'c1', key: 'k' },
    edit: { do: 'edit', channelId: 'c1', seq: 1, text: 'hi' },
    delete: { do: 'delete', channelId: 'c1', seq: 1 },
    question: { do: 'question', channelId: 'c1', seq: 1, state: 'picked' },
    older: { do: 'older', channelId: 'c1' },
    newer: { do: 'newer', channelId: 'c1' },
    look: { do: 'look', channelId: 'c1', seq: 1 },
    typing: { do: 'typing', channelId: 'c1' },
    read: { do: 'read', channelId: 'c1', seq: 1 },
    join: { do: 'join', channelId: 'c1' },
    quit: { do: 'quit', channelId: 'c1' },
    reconnect: { do: 'reconnect' },
    forget: { do: 'forget' },
  }
  for (const call of Object.values(calls)) {
    const asked = run(joined, { kind: 'call', call }, TAB_INPUTS.bye)
    assert.equal(asked.calls.length, 1)
    const message = { ...TAB_INPUTS.welcome.message, host: 'h2' }
    const [after, effects] = stepTab(asked, { kind: 'heard', message }, NOW)
    const last = effects.at(-1)
    if (AFTER_HOST[call.do] === 'again') {
      assert.ok(last?.kind === 'post' && last.message.kind === 'call')
      assert.ok(last.message.again && last.message.host === 'h2')
      assert.deepEqual(last.message.call, call)
    } else {
      assert.deepEqual(last, { kind: 'settle', id: 1, answer: 'unknown' })
      assert.deepEqual(after.calls, [])
    }
  }
})

test('the same host that welcomes again is asked nothing twice', () => {
  const asked = run(joined, TAB_INPUTS.call, TAB_INPUTS.misfit)
  const [after, effects] = stepTab(asked, TAB_INPUTS.welcome, NOW)
  assert.deepEqual(effects.map(nameOf), ['show', 'wants'])
  assert.equal(after.calls.length, 1)
})

test('who finds nobody looks less and less often, and soon again once there was somebody', () => {
  let tab = SAMPLES.seeking
  const waits: number[] = []
  for (let turn = 0; turn < 30; turn += 1) {
    tab = run(tab, TAB_INPUTS.timer)
    waits.push((tab.timerAt ?? 0) - NOW)
  }
  assert.equal(waits[0], TAB_BOUNDS.seekMsBase)
  assert.equal(waits.at(-1), TAB_BOUNDS.seekMsMax)
  assert.deepEqual(
    waits,
    waits.toSorted((one, other) => one - other),
  )
  const again = run(tab, TAB_INPUTS.welcome, TAB_INPUTS.bye)
  assert.equal((again.timerAt ?? 0) - NOW, TAB_BOUNDS.seekMsBase)
})
