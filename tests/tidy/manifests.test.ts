// What is declared is exact, is what is imported, and is the same everywhere.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { looseVersions, splitEngines, splitVersions, undeclaredImports } from './manifests.ts'
import { readTree, type SourceFile } from './tree.ts'
import { judge } from './verdict.ts'

const manifest = (path: string, content: object): SourceFile => ({
  path: `${path}package.json`,
  text: JSON.stringify(content),
})

test('a range is named, a range of a peer is not', () => {
  for (const version of ['^1.2.3', '~1.2.3', '1.2', '*', 'latest', '>=1.0.0']) {
    const file = manifest('', { dependencies: { a: version }, peerDependencies: { b: '>=18' } })
    assert.equal(looseVersions([file]).length, 1, version)
  }
  const file = manifest('', { dependencies: { a: '1.2.3' }, overrides: { b: '1.0.0-beta.1' } })
  assert.deepEqual(looseVersions([file]), [])
})

test('two versions of one package are named', () => {
  const files = [
    manifest('packages/a/', { dependencies: { zod: '1.0.0' } }),
    manifest('packages/b/', { devDependencies: { zod: '1.0.1' } }),
  ]
  assert.match(splitVersions(files)[0]?.message ?? '', /zod is 1\.0\.1 here and 1\.0\.0/)
})

test('an import that is not declared is named', () => {
  const root = manifest('', { devDependencies: { 'fast-check': '1.0.0' } })
  const own = manifest('packages/a/', { name: '@madang/a', dependencies: { zod: '1.0.0' } })
  const code = (path: string, text: string): number =>
    undeclaredImports([root, own, { path: `packages/a/src/${path}`, text }]).length
  assert.equal(code('a.ts', "import { z } from 'zod/mini'"), 0)
  assert.equal(code('a.ts', "import 'node:fs'"), 0)
  assert.equal(code('a.ts', "import { b } from '@madang/b'"), 1)
  assert.equal(code('a.ts', "import fc from 'fast-check'"), 1)
  assert.equal(code('a.test.ts', "import fc from 'fast-check'"), 0)
})

test('another Node than the root asks for is named', () => {
  const root = manifest('', { engines: { node: '>=24' } })
  assert.equal(splitEngines([root, manifest('a/', { engines: { node: '>=20' } })]).length, 1)
  assert.deepEqual(splitEngines([root, manifest('a/', {})]), [])
  const published = { engines: { node: '>=20' }, publishConfig: { access: 'public' } }
  assert.deepEqual(splitEngines([root, manifest('a/', published)]), [])
})

const tree = readTree()
test('versions are exact', () => judge('versions are exact', looseVersions(tree)))
test('a package has one version', () => judge('a package has one version', splitVersions(tree)))
test('imports are declared', () => judge('imports are declared', undeclaredImports(tree)))
test('there is one Node', () => judge('there is one Node', splitEngines(tree)))
