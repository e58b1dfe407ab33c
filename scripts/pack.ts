// Makes the tarball of a package that is published: compiled to ESM with types, since Node strips no types below node_modules.
//
//   npm run build -- fanout     into packages/fanout/dist
import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Manifest, publishedManifest, readManifest } from './published-manifest.ts'
import { ROOT } from './steps.ts'

/** The packages that are published, by their folder. */
export const PUBLISHED = ['fanout'] as const
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
  compile(folder, manifest, join(staged, 'dist'))
  const published = publishedManifest(manifest, readManifest(ROOT))
  writeFileSync(join(staged, 'package.json'), `${JSON.stringify(published, undefined, 2)}\n`)
  for (const from of [join(folder, 'README.md'), join(ROOT, 'LICENSE')])
    if (existsSync(from)) cpSync(from, join(staged, from.slice(from.lastIndexOf('/') + 1)))
}

/** Only what the doors lead to: tests and what they need stay at home. */
function compile(folder: string, { exports = {} }: Manifest, outDir: string): void {
  const config = join(folder, `tsconfig.pack-${process.pid}.json`)
  const settings = {
    extends: '../../tsconfig.json',
    compilerOptions: {
      noEmit: false,
      declaration: true,
      allowJs: false,
      rootDir: './src',
      outDir,
    },
    include: [],
    files: Object.values(exports),
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
