// The files of the repository as the tidy rules see them: paths from the root, with their text.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export interface SourceFile {
  /** From the root, with '/'. */
  readonly path: string
  readonly text: string
}

export interface Problem {
  readonly path: string
  /** Counted from 1; absent when the whole file is meant. */
  readonly line?: number
  /** What is wrong, and what to do instead. */
  readonly message: string
}

export const ROOT = fileURLToPath(new URL('../..', import.meta.url))

const TEXT =
  /(\.(ts|tsx|mjs|js|json|md|css|html|sql|yaml|yml|conf|sh|txt|toml)|Dockerfile|\/run|LICENSE)$/

/** Every text file that is, or would be, committed: what .gitignore names is left out. */
export function readTree(root: string = ROOT): readonly SourceFile[] {
  const isIgnored = ignoredBy(readFileSync(join(root, '.gitignore'), 'utf8'))
  const files: SourceFile[] = []
  const walk = (folder: string): void => {
    for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`
      if (entry.name === '.git' || isIgnored(path, entry.isDirectory())) continue
      if (entry.isDirectory()) walk(path)
      else if (entry.isFile() && TEXT.test(path)) {
        files.push({ path, text: readFileSync(join(root, path), 'utf8') })
      }
    }
  }
  walk('')
  return files.sort((a, b) => (a.path < b.path ? -1 : 1))
}

/** Understands the forms that our .gitignore uses: `name/`, `name`, `*.ending`. */
export function ignoredBy(gitignore: string): (path: string, isFolder: boolean) => boolean {
  const lines = gitignore.split('\n').filter((line) => line !== '' && !line.startsWith('#'))
  const folders = new Set(
    lines.filter((line) => line.endsWith('/')).map((line) => line.slice(0, -1)),
  )
  const endings = lines.filter((line) => line.startsWith('*')).map((line) => line.slice(1))
  const names = new Set(lines.filter((line) => !line.endsWith('/') && !line.startsWith('*')))
  return (path, isFolder) => {
    const name = path.slice(path.lastIndexOf('/') + 1)
    if (isFolder) return folders.has(name) || names.has(name)
    return names.has(name) || endings.some((ending) => name.endsWith(ending))
  }
}

export const isScript = (path: string): boolean => /\.(ts|tsx|mjs|js)$/.test(path)
export const isTest = (path: string): boolean => /\.test\.ts$/.test(path)
export const isCase = (path: string): boolean => /\.case\.ts$/.test(path)
/** Code that runs in tests only: tests, shared suites and their parts, and what stands in a testing folder or door. */
export const isForTests = (path: string): boolean =>
  isTest(path) || isCase(path) || /\/(testing|cases)\/|\/testing\.ts$/.test(path)

/** The line that an index of a text lies on, counted from 1. */
export function lineAt(text: string, index: number): number {
  let line = 1
  for (let at = text.indexOf('\n'); at !== -1 && at < index; at = text.indexOf('\n', at + 1)) line++
  return line
}
