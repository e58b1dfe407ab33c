// What a browser loads is free of Node and of the validator, through every import of an import.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { graphOf } from './graph.ts'
import { importsOf } from './imports.ts'
import { type Problem, readTree, type SourceFile } from './tree.ts'
import { judge } from './verdict.ts'

const ENTRIES = [
  /^packages\/client\/src\/(tabs\/)?index\.ts$/,
  /^packages\/client\/src\/react\.ts$/,
  /^packages\/(web|client)\/src\/(.+\/)?worker\.ts$/,
  /^packages\/web\/src\/main\.tsx$/,
]
const REFUSED = /^(node:|zod$|zod\/|socket\.io$|@madang\/(server|fanout)\b)/

function heavyImports(files: readonly SourceFile[]): readonly Problem[] {
  const graph = graphOf(files)
  const reached = new Set(
    files.map((file) => file.path).filter((path) => ENTRIES.some((entry) => entry.test(path))),
  )
  for (const path of reached) for (const next of graph.get(path) ?? []) reached.add(next)
  return files
    .filter((file) => reached.has(file.path))
    .flatMap(({ path, text }) =>
      importsOf(text)
        .filter((one) => !one.isTypeOnly && REFUSED.test(one.specifier))
        .map(({ specifier, line }) => ({
          path,
          line,
          message: `brings ${specifier} into browsers.`,
        })),
    )
}

test('a validator behind two doors is found, a type is not', () => {
  const files = [
    {
      path: 'packages/protocol/package.json',
      text: '{"name":"@madang/protocol","exports":{".":"./src/index.ts","./limits":"./src/limits.ts"}}',
    },
    {
      path: 'packages/client/src/index.ts',
      text: "import '@madang/protocol/limits'\nimport type { A } from '@madang/protocol'",
    },
    { path: 'packages/protocol/src/limits.ts', text: "import './ids.ts'" },
    { path: 'packages/protocol/src/ids.ts', text: "import { z } from 'zod'" },
    { path: 'packages/protocol/src/index.ts', text: "import 'node:fs'" },
  ]
  assert.deepEqual(
    heavyImports(files).map((one) => one.path),
    ['packages/protocol/src/ids.ts'],
  )
})

test('browsers load neither Node nor the validator', () => {
  judge('browsers load neither Node nor the validator', heavyImports(readTree()))
})
