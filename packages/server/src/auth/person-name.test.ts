import assert from 'node:assert/strict'
import { test } from 'node:test'
import { LIMITS, Name } from '@madang/protocol'
import fc from 'fast-check'
import { NAMELESS, presentableName } from './person-name.ts'

const table: readonly [string | undefined, string][] = [
  ['Ann', 'Ann'],
  ['  Ann  ', 'Ann'],
  ['김마당', '김마당'],
  ['Jose\u0301', 'José'],
  ['Ann\u202eevil', 'Ann evil'],
  ['Ann\u061c\u2028Lee', 'Ann  Lee'],
  ['Ann\u0000', 'Ann'],
  ['\u3164', NAMELESS],
  ['\ud800Ann', '\ufffdAnn'],
  ['', NAMELESS],
  [' \n ', NAMELESS],
  [undefined, NAMELESS],
  ['x'.repeat(500), 'x'.repeat(LIMITS.nameCharsMax)],
]
for (const [claimed, name] of table) {
  test(`${JSON.stringify(claimed)?.slice(0, 30)} is presented as ${name.slice(0, 30)}`, () => {
    assert.equal(presentableName(claimed), name)
  })
}

test('a name that is too long is cut between characters as people see them', () => {
  const family = '👨‍👩‍👧‍👦'
  const name = presentableName(family.repeat(20))
  assert.equal(name, family.repeat(Math.floor(LIMITS.nameCharsMax / family.length)))
})

test('whatever is claimed, the name is valid', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (claimed) => {
      const name = presentableName(claimed)
      assert.equal(Name.parse(name), name)
    }),
  )
})
