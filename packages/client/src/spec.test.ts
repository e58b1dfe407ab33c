import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import type { ConnectionState } from './connection.ts'
import { INPUTS, type InputName, TABLE } from './testing/connection.table.ts'

const path = (name: string): string => fileURLToPath(new URL(name, import.meta.url))
const SPEC = readFileSync(path('../SPEC.md'), 'utf8')

const cellsOf = (line: string): string[] =>
  line
    .split('|')
    .slice(1, -1)
    .map((cell) => cell.trim())

/** The rows of the specification's table of states and inputs, the head first. */
function rows(): string[][] {
  const lines = SPEC.split('\n')
  const from = lines.findIndex((line) => line.startsWith('| input |'))
  const length = lines.slice(from).findIndex((line) => !line.startsWith('|'))
  return lines
    .slice(from, from + length)
    .filter((line) => !line.startsWith('|---'))
    .map(cellsOf)
}

/** `refused or told, never` stands for two inputs, `browser online` for one. */
function inputsOf(name: string): InputName[] {
  const [, retry] = /^refused or told, (\w+)$/.exec(name) ?? []
  const camel = (words: string): string =>
    words.replace(/ (\w)/g, (_, letter: string) => letter.toUpperCase())
  const names = retry ? [camel(`refused ${retry}`), camel(`told ${retry}`)] : [camel(name)]
  return names.map((one) => {
    assert.ok(one in INPUTS, `${one} is an input`)
    return one as InputName
  })
}

test('the table in the specification is the table that is run', () => {
  const [head = [], ...lines] = rows()
  const states = head.slice(1) as ConnectionState[]
  assert.deepEqual([...states].sort(), Object.keys(TABLE).sort())
  const named = lines.flatMap(([name = '']) => inputsOf(name))
  assert.deepEqual([...named].sort(), Object.keys(INPUTS).sort())
  for (const [name = '', ...cells] of lines) {
    for (const [index, state] of states.entries()) {
      // Where it depends, the table in types has the plain case, which stands last.
      const cell = cells[index]?.split(' else ').at(-1) ?? ''
      const [, to = '', effects = ''] = /^(·|\w+)(?: \[(.*)\])?/.exec(cell) ?? []
      const expected = {
        to: to === '·' ? state : to,
        effects: effects === '' ? [] : effects.split(', '),
      }
      for (const input of inputsOf(name)) {
        const { timer: _, ...run } = TABLE[state][input]
        assert.deepEqual(run, expected, `${state} with ${input}`)
      }
    }
  }
})

test('every file that the specification names is there, and has in it what is named with it', () => {
  for (const [, name = '', symbols = ''] of SPEC.matchAll(
    /`((?:src\/|test\/)?[\w./-]+\.ts)`(?:: ((?:`#?\w+`(?:, )?)+))?/g,
  )) {
    const found = [`./${name}`, `../${name}`, `../src/${name}`].map(path).find(existsSync)
    assert.ok(found, `${name} is a file`)
    for (const [, symbol = ''] of symbols.matchAll(/`(#?\w+)`/g)) {
      assert.ok(readFileSync(found, 'utf8').includes(symbol), `${name} has ${symbol}`)
    }
  }
})
