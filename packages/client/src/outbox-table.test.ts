import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import {
  type Entry,
  entriesOf,
  newOutbox,
  type Outbox,
  type OutboxInput,
  stepOutbox,
} from './outbox.ts'
import { DRAFT, INPUTS, type InputName, TABLE } from './testing/outbox.table.ts'

const NOW = 1_000_000
const SPEC = readFileSync(new URL('../SPEC.md', import.meta.url), 'utf8')
const STATES = Object.keys(TABLE) as Entry['state'][]

const run = (state: Outbox, ...inputs: OutboxInput[]): Outbox =>
  inputs.reduce((at, input) => stepOutbox(at, input, NOW, 0.5)[0], state)

const inFlight = run(
  newOutbox,
  { kind: 'restored', drafts: [] },
  { kind: 'online' },
  { kind: 'send', draft: DRAFT },
  { kind: 'saved', revision: 1 },
)
const SAMPLES: Record<Entry['state'], Outbox> = {
  inFlight,
  // It waits because the server asked it to.
  queued: run(inFlight, INPUTS.answeredLater),
  failed: run(inFlight, INPUTS.answeredNever, { kind: 'saved', revision: 2 }),
}

const stateOf = (outbox: Outbox): Entry['state'] | 'gone' =>
  entriesOf(outbox, 'a').find(({ draft }) => draft.clientId === 'm1')?.state ?? 'gone'

for (const state of STATES) {
  for (const name of Object.keys(INPUTS) as InputName[]) {
    const expected = TABLE[state][name]
    test(`${state} with ${name} is ${expected.to} and does [${expected.effects}]`, () => {
      assert.equal(stateOf(SAMPLES[state]), state)
      const [after, effects] = stepOutbox(SAMPLES[state], INPUTS[name], NOW, 0.5)
      const kinds = effects.map(({ kind }) => kind)
      assert.deepEqual({ to: stateOf(after), effects: kinds }, expected)
    })
  }
}

test('the table in the specification is the table that is run', () => {
  const lines = SPEC.split('\n')
  const begin = lines.findIndex((line) => line.startsWith('| message input'))
  const length = lines.slice(begin).findIndex((line) => !line.startsWith('|'))
  const cells = lines.slice(begin, begin + length).map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  )
  assert.deepEqual(cells[0], ['message input', ...STATES])
  const rows = new Map(cells.slice(1).map(([name = '', ...row]) => [name, row]))
  for (const name of Object.keys(INPUTS) as InputName[]) {
    const words = name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)
    const expected = STATES.map((state) => {
      const { to, effects } = TABLE[state][name]
      const does = effects.length > 0 ? ` [${effects.join(', ')}]` : ''
      return `${to === state ? '·' : to}${does}`
    })
    assert.deepEqual(rows.get(words), expected, words)
  }
})
