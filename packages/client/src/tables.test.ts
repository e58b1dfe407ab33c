import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { openingsCase } from './testing/tables/openings.table.ts'
import { presenceCase } from './testing/tables/presence.table.ts'
import { printed } from './testing/tables/table.ts'
import { timelineCase } from './testing/tables/timeline.table.ts'
import { composingCase, othersCase } from './testing/tables/typing.table.ts'
import { unreadCase } from './testing/tables/unread.table.ts'

const SPEC = readFileSync(new URL('../SPEC.md', import.meta.url), 'utf8')

const CASES = [timelineCase, openingsCase, unreadCase, composingCase, othersCase, presenceCase]

for (const tables of CASES) {
  for (const [state, row] of Object.entries(tables.table)) {
    for (const [event, cell] of Object.entries(row)) {
      test(`${tables.name}: ${state} with ${event} is ${cell.to} and does [${cell.does}]`, () => {
        assert.deepEqual(tables.run(state, event), cell)
      })
    }
  }

  test(`${tables.name}: every state is reached, by an event of another`, () => {
    const rows = Object.entries(tables.table)
    const reached = new Set(
      rows.flatMap(([state, row]) =>
        Object.values(row)
          .map(({ to }) => to)
          .filter((to) => to !== state),
      ),
    )
    const states = rows.map(([state]) => state)
    // Time alone makes it so that something is to be said again; what is not loaded yet is a beginning.
    const begun = ['due', 'unloaded']
    assert.deepEqual(
      states.filter((state) => !reached.has(state) && !begun.includes(state)),
      [],
    )
  })

  test(`${tables.name}: the table in the specification is the table that is run`, () => {
    const lines = printed(tables).join('\n')
    assert.ok(SPEC.includes(`\n${lines}\n`), `the specification has\n${lines}`)
  })
}
