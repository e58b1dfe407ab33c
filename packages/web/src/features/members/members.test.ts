import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Member } from '@madang/client'
import { filterByName, memberSections, notIn } from './members.ts'

const member = (name: string): Member => ({
  person: { id: name.toLowerCase(), name, kind: 'account' },
  role: 'member',
  joinedAt: 0,
})
const names = (members: readonly Member[]) => members.map(({ person }) => person.name)
const ALL = [member('Theo'), member('ana'), member('Mina')]

test('those online come first, each part by name', () => {
  const { online, offline } = memberSections(ALL, new Set(['theo', 'ana', 'stranger']))
  assert.deepEqual([names(online), names(offline)], [['ana', 'Theo'], ['Mina']])
})

test('a filter finds parts of names, whatever the case', () => {
  assert.deepEqual(names(filterByName(ALL, ' IN ')), ['Mina'])
  assert.deepEqual(names(filterByName(ALL, '')), names(ALL))
})

test('who is in a channel cannot be added again', () => {
  assert.deepEqual(names(notIn(ALL, [member('Mina')])), ['Theo', 'ana'])
})
