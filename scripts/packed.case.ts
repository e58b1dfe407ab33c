/** An application that has installed a tarball of ours, as somebody meets it who knows nothing of this repository. */
import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { publint } from 'publint'
import { formatMessage } from 'publint/utils'
import { type Published, packPackage } from './pack.ts'
import { readManifest } from './published-manifest.ts'
import { ROOT } from './steps.ts'

export interface PackedApp {
  readonly folder: string
  /** Where the package stands. */
  readonly installed: string
  write(file: string, text: string): void
  run(args: readonly string[], node?: string): { readonly status: number | null; output: string }
  /** Compiles a file against the package's types. */
  compile(file: string, ...more: readonly string[]): void
}

/** The package stands in the application's own node_modules; what it needs is linked from here, so that no registry is asked. */
export function packedApp(name: Published, hidden: readonly string[] = []): PackedApp {
  const folder = mkdtempSync(join(tmpdir(), 'madang-app-'))
  after(() => rmSync(folder, { recursive: true, force: true }))
  const modules = join(folder, 'node_modules')
  const installed = join(modules, '@madang', name)
  mkdirSync(installed, { recursive: true })
  const tarball = packPackage(name, folder)
  execFileSync('tar', ['-xzf', tarball, '-C', installed, '--strip-components=1'])
  for (const each of readdirSync(join(ROOT, 'node_modules'))) {
    if (each === '@madang' || each.startsWith('.') || hidden.includes(each)) continue
    symlinkSync(join(ROOT, 'node_modules', each), join(modules, each), 'junction')
  }
  const write = (file: string, text: string): void => writeFileSync(join(folder, file), text)
  write('package.json', '{ "type": "module", "private": true }')
  const run: PackedApp['run'] = (args, node = process.execPath) => {
    const { status, stdout, stderr } = spawnSync(node, args, { cwd: folder, encoding: 'utf8' })
    return { status, output: stdout + stderr }
  }
  const compile: PackedApp['compile'] = (file, ...more) => {
    const { status, output } = run([
      join(ROOT, 'node_modules/typescript/bin/tsc'),
      ...['--noEmit', '--strict', '--exactOptionalPropertyTypes', '--target', 'es2022'],
      ...['--module', 'node16', '--moduleResolution', 'node16', ...more, file],
    ])
    assert.equal(status, 0, output)
  }
  return { folder, installed, write, run, compile }
}

/** This Node, and the system's own where it is another that the packages run on. */
export function nodes(): ReadonlyMap<string, string> {
  const version = spawnSync('node', ['--version'], { encoding: 'utf8' }).stdout?.trim() ?? ''
  const [major = 0, minor = 0] = version.slice(1).split('.').map(Number)
  const isFit = major > 20 || (major === 20 && minor >= 19)
  return new Map([
    ...(isFit ? [[version, 'node'] as const] : []),
    [process.version, process.execPath],
  ])
}

/** What holds for every package that is published. */
export function packageCases(name: Published, { installed }: PackedApp): void {
  const read = (file: string): string => readFileSync(join(installed, file), 'utf8')

  test('publint has nothing to say', async () => {
    const { messages, pkg } = await publint({ pkgDir: installed, pack: false, strict: true })
    assert.deepEqual(
      messages.map((message) => formatMessage(message, pkg ?? {}, { color: false })),
      [],
    )
  })

  test('every door of the workspace is a door of the package, compiled and with types', () => {
    const { exports = {} } = JSON.parse(read('package.json'))
    const doors = Object.keys(readManifest(join(ROOT, 'packages', name)).exports ?? {})
    assert.ok(doors.length > 0)
    for (const door of doors) {
      const { types, default: code } = exports[door]
      assert.match(types, /^\.\/dist\/.*\.d\.ts$/)
      assert.ok(read(types).length > 0)
      assert.ok(read(code).length > 0)
    }
  })

  test('it holds what runs, what explains and what permits, and nothing else', () => {
    const files = readdirSync(installed, { recursive: true, encoding: 'utf8' })
    assert.deepEqual(
      files.filter((file) => /\.test\.|^src|tsconfig/.test(file)),
      [],
    )
    for (const file of ['LICENSE', 'README.md', 'dist/index.js'])
      assert.ok(files.includes(file), file)
    assert.doesNotMatch(read('package.json'), /"private"|devDependencies|\/src\//)
  })

  test('whatever it imports is declared', () => {
    const { dependencies, peerDependencies, name: own } = JSON.parse(read('package.json'))
    const declared = new Set([...Object.keys({ ...dependencies, ...peerDependencies }), own])
    const files = readdirSync(join(installed, 'dist'), { recursive: true, encoding: 'utf8' })
    for (const file of files.filter((each) => /\.(js|d\.ts)$/.test(each))) {
      const text = read(`dist/${file}`)
      for (const [, specifier = ''] of text.matchAll(/(?:from|import\()\s*['"]([^'"]+)['"]/g)) {
        if (/^(\.|node:)/.test(specifier)) continue
        const wanted = /^(@[^/]+\/)?[^/]+/.exec(specifier)?.[0] ?? ''
        assert.ok(declared.has(wanted), `dist/${file} imports ${specifier}`)
      }
    }
  })
}
