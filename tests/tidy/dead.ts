// The rule that every file is used by something that runs.
import { dirname, join } from 'node:path/posix'
import { doorFiles, graphOf } from './graph.ts'
import { isForTests, isTest, type Problem, type SourceFile } from './tree.ts'

/** Started by name, imported by nothing. */
export const ENTRIES: readonly RegExp[] = [
  /^packages\/server\/src\/(cli\/)?main\.ts$/,
  /^packages\/web\/(vite\.config\.ts|src\/main\.tsx)$/,
  /^packages\/web\/src\/.*\.d\.ts$/,
  /^harness\/src\/(main|load|faults|seeds)\.ts$/,
  // A process of its own that a comparison starts.
  /^harness\/src\/.*\/[a-z-]+-process\.ts$/,
  // A process that a test starts.
  /^packages\/(server|fanout)\/src\/(.*\/)?testing\/[a-z-]+-process\.ts$/,
]

/** A package of which no entry imports anything has only begun, and is left alone. */
export function deadFiles(files: readonly SourceFile[]): readonly Problem[] {
  const doors = new Set(doorFiles(files).values())
  const graph = graphOf(files, true)
  const byCode = new Set<string>()
  const byTests = new Set<string>()
  for (const [path, imports] of graph) {
    const used = isForTests(path) ? byTests : byCode
    for (const one of imports) used.add(one)
  }
  const begun = new Set(
    [...graph.keys()]
      .filter((path) => (doors.has(path) || isEntry(path)) && (graph.get(path)?.size ?? 0) > 0)
      .map(packageOf),
  )
  for (const path of stylesImported(files)) byCode.add(path)
  return files.flatMap(({ path }) => {
    const isSource = /^(packages\/[^/]+|harness)\/src\/.*\.(ts|tsx|css)$/.test(path)
    if (!isSource || isTest(path) || doors.has(path) || byCode.has(path)) return []
    if (isEntry(path)) return []
    if (!begun.has(packageOf(path))) return []
    if (byTests.has(path) && isForTests(path)) return []
    const message = byTests.has(path)
      ? 'is used by tests only: use it, move it to testing/, or delete it.'
      : 'is used by nothing: use it or delete it.'
    return [{ path, message }]
  })
}

const isEntry = (path: string): boolean => ENTRIES.some((entry) => entry.test(path))
const packageOf = (path: string): string => path.slice(0, path.indexOf('/src/'))

function stylesImported(files: readonly SourceFile[]): readonly string[] {
  return files
    .filter((file) => file.path.endsWith('.css'))
    .flatMap(({ path, text }) =>
      [...text.matchAll(/@import\s+(?:url\()?['"]([^'"]+)['"]/g)].map((match) =>
        join(dirname(path), match[1] ?? ''),
      ),
    )
}
