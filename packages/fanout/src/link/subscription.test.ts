// Every state of a topic, met by every event.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  afterEvent,
  commandOf,
  isSettled,
  type Subscription,
  type SubscriptionEvent,
} from './subscription.ts'

/** `w` wanted · `t` told · `j` join asked · `l` leave asked · `r` resting; `-` nothing of it. */
const of = (letters: string): Subscription => ({
  wanted: letters.includes('w'),
  told: letters.includes('t'),
  asked: letters.includes('j') ? 'join' : letters.includes('l') ? 'leave' : undefined,
  resting: letters.includes('r'),
})

const name = ({ wanted, told, asked, resting }: Subscription): string =>
  [wanted && 'w', told && 't', asked === 'join' && 'j', asked === 'leave' && 'l', resting && 'r']
    .filter(Boolean)
    .join('') || '-'

const EVENTS = ['want', 'unwant', 'done', 'refused', 'dropped', 'lost', 'retry'] as const

/** The state before · what each of the events makes of it, in the order of EVENTS · the command that is due before any of them. */
const TABLE: readonly (readonly [string, string, string])[] = [
  // Nothing is wanted.
  ['-', 'w - - - - - -', ''],
  ['t', 'wt t t t - - t', 'leave'],
  ['tl', 'wtl tl - tr tl - tl', ''],
  ['tr', 'wt tr tr tr r - t', ''],
  ['j', 'wj j t r j - j', ''],
  ['r', 'w r r r r - -', ''],
  // Something is.
  ['w', 'w - w w w w w', 'join'],
  ['wt', 'wt t wt wt w w wt', ''],
  ['wj', 'wj j wt wr wj w wj', ''],
  ['wtl', 'wtl tl w wtr wtl w wtl', ''],
  ['wr', 'wr - wr wr wr w w', ''],
  ['wtr', 'wtr t wtr wtr wr w wt', ''],
]

test('the table names every state that can be reached', () => {
  const known = new Set(TABLE.map(([state]) => state))
  const reached = new Set(['-'])
  for (const state of reached) {
    const before = of(state)
    const command = commandOf(before)
    const afters = EVENTS.map((event) => afterEvent(before, event))
    if (command !== undefined) afters.push({ ...before, asked: command })
    for (const after of afters) reached.add(name(after))
  }
  assert.deepEqual([...reached].sort(), [...known].sort())
})

for (const [state, row, due] of TABLE) {
  test(`a topic that is ${state}`, () => {
    const afters = EVENTS.map((event: SubscriptionEvent) => name(afterEvent(of(state), event)))
    assert.equal(afters.join(' '), row)
    assert.equal(commandOf(of(state)) ?? '', due)
  })
}

test('a topic is settled where the server holds what is wanted and nothing is under way', () => {
  const settled = TABLE.map(([state]) => state).filter((state) => isSettled(of(state)))
  assert.deepEqual(settled, ['-', 'r', 'wt', 'wtr'])
})
