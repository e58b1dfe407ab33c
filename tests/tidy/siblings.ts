// The rule that every implementation of a contract passes the shared case file.
import { basename } from 'node:path/posix'
import { type Graph, graphOf } from './graph.ts'
import { scan } from './scan.ts'
import { isForTests, isScript, isTest, type Problem, type SourceFile } from './tree.ts'

interface Contract {
  readonly name: string
  /** The implementations live here, or below. */
  readonly folder: string
  readonly caseFile: string
}

export const CONTRACTS: readonly Contract[] = [
  {
    name: 'Broker',
    folder: 'packages/fanout/src/brokers/',
    caseFile: 'packages/fanout/src/broker.case.ts',
  },
  {
    name: 'Store',
    folder: 'packages/server/src/store/',
    caseFile: 'packages/server/src/store/store.case.ts',
  },
  {
    name: 'Wire',
    folder: 'packages/server/src/gateway/',
    caseFile: 'packages/server/src/gateway/wire.case.ts',
  },
]

/** An implementation says so: `implements Broker`, or a function that returns one. Its test imports it and the case file. */
export function untestedSiblings(
  files: readonly SourceFile[],
  contracts: readonly Contract[] = CONTRACTS,
): readonly Problem[] {
  const graph = graphOf(files)
  const tests = files
    .filter((file) => isTest(file.path))
    .map(({ path }) => ({
      direct: graph.get(path) ?? new Set<string>(),
      reached: reach(path, graph),
    }))
  return contracts.flatMap((contract) => {
    const says = new RegExp(
      `\\bimplements\\s[^{]*\\b${contract.name}\\b|\\bexport (?:async )?function [^}]*?\\): (?:Promise<)?${contract.name}\\b[^{(]*\\{`,
    )
    return files.flatMap(({ path, text }) => {
      const isSibling = path.startsWith(contract.folder) && isScript(path) && !isForTests(path)
      if (!isSibling || !says.test(scan(text).code)) return []
      const isTested = tests.some(
        ({ direct, reached }) => direct.has(contract.caseFile) && reached.has(path),
      )
      if (isTested) return []
      const message = `no test passes it to ${basename(contract.caseFile)}: add ${basename(path, '.ts')}.test.ts.`
      return [{ path, message }]
    })
  })
}

/** Everything that a test imports, and that its imports import. */
function reach(path: string, graph: Graph): ReadonlySet<string> {
  const reached = new Set(graph.get(path))
  for (const each of reached) for (const next of graph.get(each) ?? []) reached.add(next)
  return reached
}
