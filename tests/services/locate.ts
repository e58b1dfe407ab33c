// Looks for a binary where people and packages put them.
import { accessSync, constants, globSync, statSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import type { Found } from './part.ts'

export interface Wanted {
  /** The environment variable that names it: 'CHROMIUM_BIN'. */
  readonly variable: string
  /** What it may be called, best first. */
  readonly names: readonly string[]
  /** Folders beyond PATH, best first; a `*` stands for anything, the highest first. */
  readonly folders?: readonly string[]
}

/** What this needs of a machine; tests hand in another. */
export interface Machine {
  readonly env: Readonly<Record<string, string | undefined>>
  isExecutable(path: string): boolean
  /** The folders that a pattern fits. */
  expand(pattern: string): readonly string[]
}

/** Folders that hold servers, and that a person's PATH often lacks. */
const SYSTEM = ['/usr/local/sbin', '/usr/sbin', '/sbin']

/**
 * Where the binary is: the variable, then PATH, then the system's and the part's own folders. A variable that names nothing executable is
 * an answer too, `undefined`: whoever sets it does not want another binary.
 */
export function locate(wanted: Wanted, machine: Machine = thisMachine): Found | undefined {
  const named = machine.env[wanted.variable]
  if (named !== undefined && named !== '') {
    if (!machine.isExecutable(named)) return undefined
    return { found: true, path: named, from: `$${wanted.variable}` }
  }
  const inPath = (machine.env.PATH ?? '').split(delimiter).filter((folder) => folder !== '')
  const path = firstIn(inPath, wanted.names, machine)
  if (path) return { found: true, path, from: 'PATH' }
  const beyond = [...SYSTEM, ...(wanted.folders ?? [])].flatMap((folder) =>
    folder.includes('*') ? machine.expand(folder) : [folder],
  )
  const elsewhere = firstIn(beyond, wanted.names, machine)
  return elsewhere ? { found: true, path: elsewhere, from: 'system' } : undefined
}

function firstIn(
  folders: readonly string[],
  names: readonly string[],
  machine: Machine,
): string | undefined {
  for (const name of names) {
    for (const folder of folders) {
      if (machine.isExecutable(join(folder, name))) return join(folder, name)
    }
  }
  return undefined
}

const thisMachine: Machine = {
  env: process.env,
  isExecutable(path) {
    try {
      accessSync(path, constants.X_OK)
      return statSync(path).isFile()
    } catch {
      return false
    }
  },
  expand: (pattern) =>
    globSync(pattern).sort((a, b) => b.localeCompare(a, 'en', { numeric: true })),
}
