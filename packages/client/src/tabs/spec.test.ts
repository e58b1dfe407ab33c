import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { TAB_TABLE } from '../testing/tabs.table.ts'

const path = (name: string): string => fileURLToPath(new URL(name, import.meta.url))
const SPEC = readFileSync(path('../../SPEC-tabs.md'), 'utf8')

test('the specification of the tabs has the states that there are', () => {
  const head = SPEC.split('\n').find((line) => line.startsWith('| input |')) ?? ''
  const states = head
    .split('|')
    .slice(2, -1)
    .map((cell) => cell.trim())
  assert.deepEqual(states, Object.keys(TAB_TABLE))
})

test('every file that it names is there, and has in it what is named with it', () => {
  const found = [...SPEC.matchAll(/`((?:src\/)?[\w./-]+\.ts)`(?:: ((?:`#?\w+`(?:, )?)+))?/g)]
  assert.ok(found.length > 20)
  for (const [, name = '', symbols = ''] of found) {
    const file = [`./${name}`, `../../${name}`].map(path).find(existsSync)
    assert.ok(file, `${name} is a file`)
    for (const [, symbol = ''] of symbols.matchAll(/`(#?\w+)`/g)) {
      assert.ok(readFileSync(file, 'utf8').includes(symbol), `${name} has ${symbol}`)
    }
  }
})
