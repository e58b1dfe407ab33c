// Which file of ours leads to which at run time.
import { dirname, join } from 'node:path/posix'
import { importsOf } from './imports.ts'
import { isScript, type SourceFile } from './tree.ts'

/** Path → the files of ours that it imports; types are gone by then unless `withTypes`. */
export type Graph = ReadonlyMap<string, ReadonlySet<string>>

export function graphOf(files: readonly SourceFile[], withTypes = false): Graph {
  const known = new Set(files.map((file) => file.path))
  const doors = doorFiles(files)
  const graph = new Map<string, Set<string>>()
  for (const { path, text } of files) {
    const edges = new Set<string>()
    graph.set(path, edges)
    if (!isScript(path)) continue
    for (const { specifier, isTypeOnly } of importsOf(text)) {
      if (isTypeOnly && !withTypes) continue
      const bare = specifier.replace(/\?.*$/, '')
      const target = bare.startsWith('.') ? join(dirname(path), bare) : doors.get(bare)
      if (target !== undefined && known.has(target)) edges.add(target)
    }
  }
  return graph
}

/** '@madang/client/react' → 'packages/client/src/react.ts', for each door that names one file. */
export function doorFiles(files: readonly SourceFile[]): ReadonlyMap<string, string> {
  const found = new Map<string, string>()
  for (const { path, text } of files) {
    if (!path.endsWith('/package.json')) continue
    const { name, exports = {} } = JSON.parse(text) as { name?: string; exports?: object }
    for (const [door, target] of Object.entries(exports)) {
      if (typeof target === 'string') found.set(join(name ?? '', door), join(dirname(path), target))
    }
  }
  return found
}

/** The groups of files that import each other in a circle, each once, its members sorted. Tarjan's algorithm. */
export function circlesOf(graph: Graph): readonly (readonly string[])[] {
  const circles: string[][] = []
  const order = new Map<string, number>()
  const stack: string[] = []
  const visit = (path: string): number => {
    order.set(path, order.size)
    let low = order.get(path) ?? 0
    stack.push(path)
    for (const next of graph.get(path) ?? []) {
      if (!order.has(next)) low = Math.min(low, visit(next))
      else if (stack.includes(next)) low = Math.min(low, order.get(next) ?? 0)
    }
    if (low === order.get(path)) {
      const members = stack.splice(stack.indexOf(path))
      if (members.length > 1 || graph.get(path)?.has(path)) circles.push(members.sort())
    }
    return low
  }
  for (const path of graph.keys()) if (!order.has(path)) visit(path)
  return circles
}
