// From a workspace's package.json, which runs from source, to the one that is published. Pure but for reading.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

export interface Manifest {
  readonly name: string
  readonly version: string
  readonly description?: string
  readonly license?: string
  readonly type?: string
  readonly keywords?: readonly string[]
  readonly engines?: Readonly<Record<string, string>>
  /** Door → its source: './src/index.ts'. */
  readonly exports?: Readonly<Record<string, string>>
  readonly dependencies?: Readonly<Record<string, string>>
  readonly peerDependencies?: Readonly<Record<string, string>>
  readonly peerDependenciesMeta?: Readonly<Record<string, object>>
}

export function readManifest(folder: string): Manifest {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
}

/** What an application has to have exactly once, its own: `instanceof` and patched prototypes break between two. */
const BROUGHT_BY_THE_USER = ['socket.io']

/** What goes into the tarball itself, as it is published nowhere. */
const BROUGHT_ALONG = ['@madang/protocol']

/**
 * Doors lead to compiled files and their types. Exact versions, which hold the repository still, become ranges, so that an application does not get a second
 * copy; what it must not have twice at all becomes a peer. `root` says what Node is asked for.
 */
export function publishedManifest(manifest: Manifest, root: Manifest): object {
  const { name, version, description, license, type, keywords } = manifest
  const all = Object.entries(manifest.dependencies ?? {})
    .filter(([each]) => !BROUGHT_ALONG.includes(each))
    .map(([each, exact]) => [each, `^${exact}`] as const)
  const isPeer = ([each]: readonly [string, string]): boolean => BROUGHT_BY_THE_USER.includes(each)
  return {
    name,
    version,
    description,
    license,
    ...(keywords ? { keywords } : {}),
    type,
    engines: manifest.engines ?? root.engines,
    sideEffects: false,
    exports: {
      ...Object.fromEntries(
        Object.entries(manifest.exports ?? {}).map(([door, source]) => [door, compiled(source)]),
      ),
      './package.json': './package.json',
    },
    files: ['dist'],
    dependencies: Object.fromEntries(all.filter((each) => !isPeer(each))),
    peerDependencies: { ...Object.fromEntries(all.filter(isPeer)), ...manifest.peerDependencies },
    peerDependenciesMeta: manifest.peerDependenciesMeta,
  }
}

/** './src/redis/ioredis.ts' → its types and its code. Types come first: the first condition that fits wins. */
function compiled(source: string): object {
  const base = source.replace(/^\.\/src\//, './dist/').replace(/\.ts$/, '')
  return { types: `${base}.d.ts`, default: `${base}.js` }
}
