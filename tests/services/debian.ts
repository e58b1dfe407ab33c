// Unpacks Debian packages into the cache, as any user: for machines that have apt-get, and no right to install.
import { spawnSync } from 'node:child_process'
import { existsSync, globSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { locate, type Wanted } from './locate.ts'
import type { Found } from './part.ts'

const CACHE = fileURLToPath(new URL('../../.cache/services', import.meta.url))
/** Lists and packages of one server are a few megabytes; a network that needs longer than this has none. */
const FETCH_TIMEOUT_MS = 60_000

/**
 * The binary out of the named package and what it depends on, unpacked once per package below `.cache/services`. Undefined where there is no apt-get, no network,
 * or no such package.
 */
export function fromDebian(packageName: string, wanted: Wanted): Found | undefined {
  const root = join(CACHE, packageName)
  if (!existsSync(root) && !unpack(packageName, root)) return undefined
  const folders = ['usr/sbin', 'usr/bin', 'usr/lib/postgresql/*/bin'].flatMap((folder) =>
    globSync(join(root, folder)),
  )
  const found = locate(
    { ...wanted, folders },
    { ...noMachine, isExecutable: (path) => path.startsWith(root) && existsSync(path) },
  )
  if (!found) return undefined
  const libraries = globSync(join(root, '{usr/lib,lib}/*-linux-gnu*'))
  const path = [...libraries, process.env.LD_LIBRARY_PATH ?? ''].filter((one) => one !== '')
  return { ...found, from: '.cache', env: { LD_LIBRARY_PATH: path.join(':') } }
}

const noMachine = { env: {}, expand: (pattern: string) => [pattern] }

function unpack(packageName: string, root: string): boolean {
  if (process.platform !== 'linux' || !works('apt-get', ['--version'])) return false
  process.stderr.write(`Fetching ${packageName} into .cache/services (once, a few seconds) ...\n`)
  mkdirSync(CACHE, { recursive: true })
  const scratch = mkdtempSync(join(CACHE, 'fetching-'))
  try {
    const apt = (...args: string[]): boolean =>
      works('apt-get', [...privateState(scratch), ...args])
    if (!apt('update')) return false
    if (!apt('-y', '--no-install-recommends', '--download-only', 'install', packageName))
      return false
    const debs = globSync(join(scratch, 'cache/archives/*.deb'))
    const tree = join(scratch, 'root')
    if (debs.length === 0 || !debs.every((deb) => works('dpkg', ['-x', deb, tree]))) return false
    // In one step: another test file may be looking for it right now.
    if (!existsSync(root)) renameSync(tree, root)
    return true
  } catch {
    return existsSync(root)
  } finally {
    rmSync(scratch, { recursive: true, force: true })
  }
}

/** apt-get with lists and packages of its own, which needs no root; only what is installed already is read from the system. */
function privateState(folder: string): readonly string[] {
  for (const each of ['state/lists/partial', 'cache/archives/partial']) {
    mkdirSync(join(folder, each), { recursive: true })
  }
  const settings = {
    'Dir::State': join(folder, 'state'),
    'Dir::Cache': join(folder, 'cache'),
    'Dir::State::status': '/var/lib/dpkg/status',
    'APT::Sandbox::User': '',
    'APT::Update::Post-Invoke': '',
    'Acquire::Languages': 'none',
    'Debug::NoLocking': '1',
  }
  return ['-qq', ...Object.entries(settings).flatMap(([name, value]) => ['-o', `${name}=${value}`])]
}

function works(command: string, args: readonly string[]): boolean {
  return spawnSync(command, args, { stdio: 'ignore', timeout: FETCH_TIMEOUT_MS }).status === 0
}
