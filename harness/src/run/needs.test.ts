import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isRequired, type Part } from '../../../tests/services/part.ts'
import { SCENARIOS } from '../scenarios/all.ts'
import type { Need, Scenario } from '../scenarios/scenario.ts'
import { listed } from './command.ts'
import { missing, needsOf } from './needs.ts'

const part = (name: string, found: boolean): Part => ({
  ...{ name, neededFor: 'this' },
  find: async () =>
    found
      ? { found, path: '/bin/true', from: 'PATH' }
      : { found, why: 'cannot be made here: no', remedy: 'be root' },
})

const machine = (...lacking: readonly Need[]) => {
  const names = [
    'nginx',
    'redis',
    'nats',
    'postgres',
    'root',
    'namespaces',
    'netem',
    'loss',
  ] as const
  const parts = names.map((name) => [name, part(name, !lacking.includes(name))])
  return Object.fromEntries(parts) as Readonly<Record<Need, Part>>
}

const scenario = (name: string): Scenario => {
  const found = SCENARIOS.find((one) => one.name === name)
  assert.ok(found)
  return found
}

test('what a machine lacks is named; only parts that are required make a failure of it', async () => {
  const needs = needsOf(scenario('host-vanishes'), {})
  assert.deepEqual([...needs].sort(), ['namespaces', 'nginx', 'redis'])
  assert.equal(await missing(needs, machine('netem', 'postgres')), undefined)
  assert.deepEqual(await missing(needs, machine('namespaces')), {
    why: 'namespaces cannot be made here: no; be root',
    isFailure: false,
  })
  const both = await missing(needs, machine('nginx', 'namespaces'))
  assert.match(both?.why ?? '', /^nginx .*; namespaces /)
  assert.equal(both?.isFailure, isRequired())
})

test('the list says what each needs', () => {
  assert.match(
    listed(scenario('bad-network')),
    /^ {7}bad-network\n {9}.*80 ms.*\n {9}needs bad networks, Redis, network namespaces\n$/,
  )
  assert.match(listed(scenario('never-reads')), /^ {7}never-reads\n {9}[^\n]*\n$/)
})
