// No file waits for itself: at run time, imports make no circle.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { circlesOf, graphOf } from './graph.ts'
import { type Problem, readTree, type SourceFile } from './tree.ts'
import { judge } from './verdict.ts'

function circles(files: readonly SourceFile[]): readonly Problem[] {
  return circlesOf(graphOf(files)).map((members) => ({
    path: members[0] ?? '',
    message: `imports itself by way of ${members.join(', ')}: let one of them be handed what it needs.`,
  }))
}

test('a circle is named with all of its members, across packages too', () => {
  const files = [
    { path: 'packages/a/package.json', text: '{"name":"@madang/a","exports":{".":"./src/x.ts"}}' },
    { path: 'packages/a/src/x.ts', text: "export * from './y.ts'" },
    { path: 'packages/a/src/y.ts', text: "import { z } from '../../b/z.ts'" },
    { path: 'packages/b/z.ts', text: "import { x } from '@madang/a'" },
    { path: 'packages/b/w.ts', text: "import { x } from '@madang/a'" },
  ]
  const [found, ...others] = circles(files)
  assert.deepEqual(others, [])
  assert.match(found?.message ?? '', /a\/src\/x\.ts, packages\/a\/src\/y\.ts, packages\/b\/z\.ts/)
})

test('two circles are two, and a file that imports itself is one', () => {
  const files = [
    { path: 'a.ts', text: "import './b.ts'\nimport './c.ts'" },
    { path: 'b.ts', text: "import './a.ts'" },
    { path: 'c.ts', text: "import './d.ts'" },
    { path: 'd.ts', text: "import './c.ts'" },
    { path: 'e.ts', text: "import './e.ts'" },
  ]
  assert.deepEqual(
    circles(files)
      .map((one) => one.path)
      .sort(),
    ['a.ts', 'c.ts', 'e.ts'],
  )
})

test('types and diamonds are no circle', () => {
  const files = [
    { path: 'a.ts', text: "import './b.ts'\nimport './c.ts'" },
    { path: 'b.ts', text: "import './d.ts'" },
    { path: 'c.ts', text: "import './d.ts'" },
    { path: 'd.ts', text: "import type { A } from './a.ts'" },
  ]
  assert.deepEqual(circles(files), [])
})

test('no runtime import cycles', () => judge('no runtime import cycles', circles(readTree())))
