// What parses the wire is recent enough: older releases of these packages can be stopped or filled from outside.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isRecentEnough } from '../../scripts/bootstrap-plan.mjs'
import { type Problem, readTree } from './tree.ts'
import { judge } from './verdict.ts'

/** Package → the first version without a known way to crash or fill a server. */
const FLOOR: Readonly<Record<string, string>> = {
  ws: '8.23.0',
  'engine.io': '6.6.11',
  'socket.io-parser': '4.2.7',
}

/** Every copy in the lockfile counts: a second, older one deeper down is as open as the first. */
function belowFloor(lockfile: string): readonly Problem[] {
  const { packages = {} } = JSON.parse(lockfile) as {
    packages?: Record<string, { version?: string }>
  }
  return Object.entries(packages).flatMap(([path, { version = '0' }]) => {
    const name = path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length)
    const floor = FLOOR[name]
    if (floor === undefined || isRecentEnough(version, floor)) return []
    return [{ path: 'package-lock.json', message: `${path} is ${version}, ${floor} at least.` }]
  })
}

test('an old copy is named, however deep it lies', () => {
  const packages = {
    'node_modules/ws': { version: '8.23.1' },
    'node_modules/engine.io/node_modules/ws': { version: '8.21.3' },
  }
  const [found, ...others] = belowFloor(JSON.stringify({ packages }))
  assert.match(found?.message ?? '', /engine\.io\/node_modules\/ws is 8\.21\.3/)
  assert.deepEqual(others, [])
})

test('what parses the wire is recent enough', () => {
  const lockfile = readTree().find((file) => file.path === 'package-lock.json')
  judge('what parses the wire is recent enough', belowFloor(lockfile?.text ?? '{}'))
})
