// Every file is used by something that runs.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { deadFiles } from './dead.ts'
import { readTree } from './tree.ts'
import { judge } from './verdict.ts'

const dead = (files: Record<string, string>): string[] =>
  deadFiles(Object.entries(files).map(([path, text]) => ({ path, text }))).map((one) => one.path)

test('a file that nothing imports is dead, and so is one that only tests import', () => {
  const found = dead({
    'packages/a/package.json': '{"name":"@madang/a","exports":{".":"./src/index.ts"}}',
    'packages/a/src/index.ts': "export * from './used.ts'",
    'packages/a/src/used.ts': '',
    'packages/a/src/alone.ts': '',
    'packages/a/src/tested.ts': '',
    'packages/a/src/tested.test.ts': "import './tested.ts'",
    'packages/a/src/lonely.css': '',
  })
  assert.deepEqual(found, [
    'packages/a/src/alone.ts',
    'packages/a/src/tested.ts',
    'packages/a/src/lonely.css',
  ])
})

test('a package that has only begun is left alone', () => {
  const found = dead({
    'packages/a/package.json': '{"name":"@madang/a","exports":{".":"./src/index.ts"}}',
    'packages/a/src/index.ts': 'export {}',
    'packages/a/src/alone.ts': '',
  })
  assert.deepEqual(found, [])
})

test('doors, entries, workers, types, styles and what tests share are alive', () => {
  const found = dead({
    'packages/a/package.json': '{"name":"@madang/a","exports":{"./x":"./src/x.ts"}}',
    'packages/a/src/x.ts': "import type { Y } from './y.ts'\nnew URL('./w.ts', import.meta.url)",
    'packages/a/src/y.ts': '',
    'packages/a/src/w.ts': '',
    'packages/a/src/y.case.ts': '',
    'packages/a/src/y.test.ts': "import './y.case.ts'\nimport './testing/clock.ts'",
    'packages/a/src/testing/clock.ts': '',
    'packages/server/src/main.ts': '',
    'packages/web/src/main.tsx': "import './all.css'",
    'packages/web/src/all.css': "@import './part.css';",
    'packages/web/src/part.css': '',
  })
  assert.deepEqual(found, [])
})

test('every file is used', () => judge('every file is used', deadFiles(readTree())))
