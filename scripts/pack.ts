// Makes the tarball of a package that is published: compiled to ESM with types, since Node strips no types below node_modules.
//
//   npm run build -- fanout     into packages/fanout/dist
//   npm run build -- client     into packages/client/dist
import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { inlineProtocol, PROTOCOL_TABLES } from './pack/inline-protocol.ts'
import { type Manifest, publishedManifest, readManifest } from './published-manifest.ts'
import { ROOT } from './steps.ts'

/** The packages that are published, by their folder. */
export const PUBLISHED = ['fanout', 'client'] as const
export type Published = (typeof PUBLISHED)[number]

export const isPublished = (name: string): name is Published =>
  PUBLISHED.some((one) => one === name)

/** The path of the tarball, in `destination`. Throws with what the compiler or npm said. */
export function packPackage(name: Published, destination = distOf(name)): string {
  const staged = mkdtempSync(join(tmpdir(), `madang-${name}-`))
  try {
    stage(name, staged)
    mkdirSync(destination, { recursive: true })
    return join(destination, npmPack(staged, destination))
  } finally {
    rmSync(staged, { recursive: true, force: true })
  }
}

const distOf = (name: Published): string => join(ROOT, 'packages', name, 'dist')

/** Everything that goes into the tarball, in a folder of its own. */
function stage(name: Published, staged: string): void {
  const folder = join(ROOT, 'packages', name)
  const manifest = readManifest(folder)
  compileInto(join(staged, 'dist'), name, manifest)
  const published = publishedManifest(manifest, readManifest(ROOT))
  writeFileSync(join(staged, 'package.json'), `${JSON.stringify(published, undefined, 2)}\n`)
  for (const from of [join(folder, 'README.md'), join(ROOT, 'LICENSE')])
    if (existsSync(from)) cpSync(from, join(staged, from.slice(from.lastIndexOf('/') + 1)))
}

function compileInto(dist: string, name: Published, manifest: Manifest): void {
  const compiled = mkdtempSync(join(tmpdir(), `madang-${name}-compiled-`))
  try {
    compile(join(ROOT, 'packages', name), manifest, compiled)
    mkdirSync(dirname(dist), { recursive: true })
    cpSync(join(compiled, name, 'src'), dist, { recursive: true })
    const protocol = join(compiled, 'protocol/src')
    if (existsSync(protocol)) inlineProtocol(protocol, dist)
  } finally {
    rmSync(compiled, { recursive: true, force: true })
  }
}

/** Only what the doors lead to, with what that takes of its neighbours: tests and what they need stay at home. */
function compile(folder: string, manifest: Manifest, outDir: string): void {
  const { exports = {}, dependencies = {} } = manifest
  const tables = '@madang/protocol' in dependencies ? PROTOCOL_TABLES : []
  const config = join(folder, `tsconfig.pack-${process.pid}.json`)
  const own = join(folder, 'tsconfig.json')
  const settings = {
    extends: existsSync(own) ? './tsconfig.json' : '../../tsconfig.json',
    compilerOptions: {
      noEmit: false,
      declaration: true,
      allowJs: false,
      rootDir: '..',
      outDir,
    },
    include: [],
    files: [...Object.values(exports), ...tables.map((name) => `../protocol/src/${name}.ts`)],
  }
  writeFileSync(config, JSON.stringify(settings))
  try {
    run(process.execPath, [join(ROOT, 'node_modules/typescript/bin/tsc'), '-p', config], folder)
  } finally {
    rmSync(config)
  }
}

/** The tarball's name. */
function npmPack(staged: string, destination: string): string {
  const cli = process.env.npm_execpath ?? ''
  const isNpm = /npm-cli\.[cm]?js$/.test(cli)
  const args = ['pack', '--json', '--loglevel=error', '--pack-destination', destination]
  const stdout = run(isNpm ? process.execPath : 'npm', [...(isNpm ? [cli] : []), ...args], staged)
  const packed: unknown = JSON.parse(stdout)
  // npm 12 gives an object by package name where others give a list.
  const [first] = Object.values(Object(packed)) as readonly { readonly filename: string }[]
  if (first === undefined) throw new Error(`npm pack said nothing of a tarball:\n${stdout}`)
  return first.filename
}

function run(command: string, args: readonly string[], cwd: string): string {
  const { status, stdout, stderr, error } = spawnSync(command, args, { cwd, encoding: 'utf8' })
  if (error) throw error
  if (status !== 0) throw new Error(`${command} ${args[0]} failed:\n${stdout}${stderr}`.trimEnd())
  return stdout
}
