// The rule that imports point one way, as the table in zones.ts says.
import { dirname, join } from 'node:path/posix'
import { type Import, importsOf } from './imports.ts'
import { isCase, isForTests, isScript, isTest, type Problem, type SourceFile } from './tree.ts'
import { DRIVERS, TEST_TOOLS, ZONES, type Zone } from './zones.ts'

/** Package name → the sub-paths of its `exports` ('.', './testing', './brokers/*'). */
export type Doors = ReadonlyMap<string, readonly string[]>

/** What an import leads to: a package by its specifier, or a file of ours by its path without `src/`. */
type Target = { readonly package: string } | { readonly file: string }

export function wrongImports(
  files: readonly SourceFile[],
  doors: Doors = doorsOf(files),
  zones: readonly Zone[] = ZONES,
): readonly Problem[] {
  return files
    .filter((file) => isScript(file.path))
    .flatMap((file) =>
      importsOf(file.text).flatMap((one) => {
        const message = objection(file.path, one, doors, zones)
        return message === undefined ? [] : [{ path: file.path, line: one.line, message }]
      }),
    )
}

/** The doors that the package.json files open. */
export function doorsOf(files: readonly SourceFile[]): Doors {
  const doors = new Map<string, readonly string[]>()
  for (const file of files) {
    if (!/^(packages\/[^/]+|harness)\/package\.json$/.test(file.path)) continue
    const { name, exports = {} } = JSON.parse(file.text) as { name: string; exports?: object }
    doors.set(name, Object.keys(exports))
  }
  return doors
}

/** Why this import may not be, or undefined. */
function objection(
  path: string,
  one: Import,
  doors: Doors,
  zones: readonly Zone[],
): string | undefined {
  const here = withoutSrc(path)
  const zone = zoneOf(here, zones)
  if (!zone) return 'belongs to no zone: add it to tests/tidy/zones.ts.'
  const target = targetOf(path, one.specifier)
  if ('package' in target) return packageObjection(here, one, target.package, zone, doors)
  return fileObjection(here, one, target.file, zone, zones)
}

function packageObjection(
  here: string,
  one: Import,
  name: string,
  zone: Zone,
  doors: Doors,
): string | undefined {
  const isFreer = isForTests(here)
  if (name.startsWith('@madang/')) {
    const [scope, short, ...rest] = name.split('/')
    const open = doors.get(`${scope}/${short}`) ?? []
    const wanted = ['.', ...rest].join('/')
    if (!open.some((door) => fitsDoor(wanted, door))) return `${name} is not a public door.`
  }
  const driver = DRIVERS.find((each) => fitsAny(name, each.packages))
  if (driver && !isFreer && !/^(harness|examples|tests)\//.test(here)) {
    if (driver.files.some((prefix) => here.startsWith(prefix))) return undefined
    return `${name} is a driver: import it in ${driver.files.join('*, ')}* only.`
  }
  const allowed = [
    ...(zone.packages ?? []),
    ...(one.isTypeOnly ? (zone.types ?? []) : []),
    ...(isFreer ? [...TEST_TOOLS, '@madang/', ...DRIVERS.flatMap((each) => each.packages)] : []),
  ]
  if (fitsAny(name, allowed)) return undefined
  const isTypeAllowed = fitsAny(name, zone.types ?? [])
  return `${zone.path} may not import ${name}${isTypeAllowed ? ' but for types: write import type' : ''}.`
}

function fileObjection(
  here: string,
  one: Import,
  there: string,
  zone: Zone,
  zones: readonly Zone[],
): string | undefined {
  const isFreer = isForTests(here)
  if (unitOf(here) === unitOf(there) && isFreer) return undefined
  if (isFreer && there.startsWith('tests/services/')) return undefined
  if (isTest(there) || (isCase(there) && !isFreer)) return 'only tests import tests.'
  const zoneThere = zoneOf(there, zones)
  if (zoneThere === zone) return undefined
  const fits = (one: string): boolean =>
    one === there ||
    one === zoneThere?.path ||
    (one.endsWith('/*') && there.startsWith(one.slice(0, -1)))
  if ((zone.zones ?? []).some(fits)) return undefined
  const isTypeAllowed = (zone.types ?? []).some(fits)
  if (one.isTypeOnly && isTypeAllowed) return undefined
  if (unitOf(here) !== unitOf(there) && !there.startsWith('tests/services/')) {
    return `leaves ${unitOf(here)}: import another package by its name, through its public door.`
  }
  return `${zone.path} may not import ${there}${isTypeAllowed ? ' but for types: write import type' : ''}.`
}

function targetOf(path: string, specifier: string): Target {
  const bare = specifier.replace(/\?.*$/, '')
  if (!bare.startsWith('.')) return { package: bare }
  return { file: withoutSrc(join(dirname(path), bare)) }
}

function fitsAny(name: string, allowed: readonly string[]): boolean {
  return allowed.some((one) => (/[:/]$/.test(one) ? name.startsWith(one) : name === one))
}

function fitsDoor(wanted: string, door: string): boolean {
  const [before = '', after] = door.split('*')
  return after === undefined ? wanted === door : wanted.startsWith(before) && wanted.endsWith(after)
}

/** 'packages/server/src/core/core.ts' → 'packages/server/core/core.ts'. */
function withoutSrc(path: string): string {
  return path.replace(/^((?:packages|examples)\/[^/]+|harness)\/src\//, '$1/')
}

function zoneOf(file: string, zones: readonly Zone[]): Zone | undefined {
  const fitting = zones.filter((zone) => file === zone.path || file.startsWith(`${zone.path}/`))
  return fitting.sort((a, b) => b.path.length - a.path.length)[0]
}

/** What a relative path may not leave: a package, or a top folder. */
function unitOf(file: string): string {
  return (/^(packages|examples)\/[^/]+/.exec(file) ?? /^[^/]+/.exec(file))?.[0] ?? file
}
