import assert from 'node:assert/strict'
import { test } from 'node:test'
import { CARDS, HOSTS_MAX } from './addresses.ts'
import { addingOf, closingOf, openingOf, pluggingOf, portOf, pullingOf } from './commands.ts'

const GROUND = { pid: 42, block: '198.18.7' }
const ONE = { name: 'node-1', number: 1 }
const TWO = { name: 'node-2', number: 2 }

test('the switches of the two networks, with an address of the machine itself', () => {
  assert.deepEqual(openingOf(GROUND).lines, [
    'link add md42f address 02:6d:c6:12:07:01 type bridge',
    'addr add 198.18.7.1/25 dev md42f',
    'link set md42f up',
    'link add md42b address 02:6d:c6:12:07:81 type bridge',
    'addr add 198.18.7.129/25 dev md42b',
    'link set md42b up',
  ])
})

test('a host is linked to both, and knows the machine and the hosts before it, as they know it', () => {
  const [outer, inner, ...introductions] = addingOf(GROUND, TWO, [ONE])
  assert.equal(outer?.inside, undefined)
  assert.deepEqual(outer?.lines.slice(0, 3), [
    'link add md42f2 type veth peer name front address 02:6d:c6:12:07:03 netns madang-42-node-2',
    'link set md42f2 master md42f up',
    'neigh replace 198.18.7.3 lladdr 02:6d:c6:12:07:03 nud permanent dev md42f',
  ])
  assert.equal(inner?.inside, 'madang-42-node-2')
  assert.deepEqual(inner?.lines.slice(0, 5), [
    'link set lo up',
    'addr add 198.18.7.3/25 dev front',
    'link set front up',
    'neigh replace 198.18.7.1 lladdr 02:6d:c6:12:07:01 nud permanent dev front',
    'neigh replace 198.18.7.2 lladdr 02:6d:c6:12:07:02 nud permanent dev front',
  ])
  assert.deepEqual(introductions, [
    {
      inside: 'madang-42-node-1',
      lines: [
        'neigh replace 198.18.7.3 lladdr 02:6d:c6:12:07:03 nud permanent dev front',
        'neigh replace 198.18.7.131 lladdr 02:6d:c6:12:07:83 nud permanent dev back',
      ],
    },
  ])
})

test('a cable is pulled at the switch, and the card stays as it is', () => {
  assert.deepEqual(pullingOf(GROUND, 1, CARDS).lines, [
    'link set md42f1 down',
    'link set md42b1 down',
  ])
  assert.deepEqual(pluggingOf(GROUND, 2, ['back']).lines, ['link set md42b2 up'])
})

test('nothing is removed but what carries the pid', () => {
  const links = ['md42f1', 'md42b1', 'md42f2', 'md42b2', 'md42f', 'md42b']
  const { lines } = closingOf(GROUND, [ONE, TWO])
  assert.deepEqual(
    lines,
    links.map((link) => `link del ${link}`),
  )
})

test('names of links are as long as Linux takes them, whatever the pid', () => {
  const greatest = { pid: 4_194_304, block: '198.18.7' }
  assert.ok(CARDS.every((card) => portOf(greatest, card, HOSTS_MAX).length <= 15))
})
