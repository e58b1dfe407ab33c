// The rules for package.json files: exact versions, declared imports, one Node.
import { importsOf } from './imports.ts'
import { isForTests, isScript, type Problem, type SourceFile } from './tree.ts'

interface Manifest {
  readonly name?: string
  readonly engines?: Record<string, string>
  readonly publishConfig?: object
  readonly dependencies?: Record<string, string>
  readonly devDependencies?: Record<string, string>
  readonly optionalDependencies?: Record<string, string>
  readonly peerDependencies?: Record<string, string>
  readonly overrides?: Record<string, string>
}

const PINNED = ['dependencies', 'devDependencies', 'optionalDependencies', 'overrides'] as const

const manifests = (files: readonly SourceFile[]): readonly (readonly [string, Manifest])[] =>
  files
    .filter((file) => /(^|\/)package\.json$/.test(file.path))
    .map((file) => [file.path, JSON.parse(file.text) as Manifest])

/** What is tested is what is installed; only peers, which a user brings, are ranges. */
export function looseVersions(files: readonly SourceFile[]): readonly Problem[] {
  return manifests(files).flatMap(([path, manifest]) =>
    PINNED.flatMap((kind) =>
      Object.entries(manifest[kind] ?? {})
        .filter(([, version]) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version))
        .map(([name, version]) => ({
          path,
          message: `${name} ${version}: write an exact version.`,
        })),
    ),
  )
}

/** One package in two versions is two packages: `instanceof` and module state break between them. */
export function splitVersions(files: readonly SourceFile[]): readonly Problem[] {
  const first = new Map<string, readonly [string, string]>()
  return manifests(files).flatMap(([path, manifest]) =>
    PINNED.flatMap((kind) =>
      Object.entries(manifest[kind] ?? {}).flatMap(([name, version]) => {
        const [other, where] = first.get(name) ?? [version, path]
        first.set(name, [other, where])
        return other === version
          ? []
          : [{ path, message: `${name} is ${version} here and ${other} in ${where}.` }]
      }),
    ),
  )
}

/** npm links every package where all can reach it, so an import that nobody declared works until it is published. */
export function undeclaredImports(files: readonly SourceFile[]): readonly Problem[] {
  const byFolder = new Map(
    manifests(files).map(([path, manifest]) => [path.replace(/\/?package\.json$/, ''), manifest]),
  )
  return files.flatMap(({ path, text }) => {
    const folder = /^(packages\/[^/]+|harness|examples\/[^/]+)\//.exec(path)?.[1]
    const manifest = folder === undefined ? undefined : byFolder.get(folder)
    if (!manifest || !isScript(path)) return []
    const root = byFolder.get('')
    return importsOf(text).flatMap(({ specifier, line, isTypeOnly }) => {
      const name = /^(@[^/]+\/)?[^/?]+/.exec(specifier)?.[0] ?? specifier
      if (specifier.startsWith('.') || specifier.startsWith('node:')) return []
      const isDevelopment = isForTests(path) || isTypeOnly || path.endsWith('vite.config.ts')
      const declared = {
        ...manifest.dependencies,
        ...manifest.optionalDependencies,
        ...manifest.peerDependencies,
        ...(isDevelopment ? { ...manifest.devDependencies, ...root?.devDependencies } : {}),
      }
      if (name in declared || name === manifest.name) return []
      return [{ path, line, message: `${name} is not declared in ${folder}/package.json.` }]
    })
  })
}

/** What the bootstrap fetches and what CI and images use has to be what the packages ask for. What is compiled and published may run on more. */
export function splitEngines(files: readonly SourceFile[]): readonly Problem[] {
  const wanted = manifests(files).find(([path]) => path === 'package.json')?.[1].engines?.node
  return manifests(files).flatMap(([path, { engines, publishConfig }]) =>
    engines?.node === undefined || engines.node === wanted || publishConfig !== undefined
      ? []
      : [{ path, message: `asks for Node ${engines.node}, the root for ${wanted}.` }],
  )
}
