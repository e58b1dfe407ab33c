// How a rule's findings fail a test: one line each, less the exceptions, which may only become fewer.
import assert from 'node:assert/strict'
import type { Problem } from './tree.ts'

export interface Exception {
  readonly rule: string
  readonly path: string
  readonly why: string
}

/** May shrink, never grow: whoever needs a new one changes the rule, or the code. */
export const EXCEPTIONS: readonly Exception[] = []

/** Fails with one line per finding, and for an exception that nothing needs any more. */
export function judge(
  rule: string,
  problems: readonly Problem[],
  exceptions: readonly Exception[] = EXCEPTIONS,
): void {
  const excused = exceptions.filter((one) => one.rule === rule)
  const isExcused = (problem: Problem): boolean => excused.some((one) => one.path === problem.path)
  const lines = problems.filter((problem) => !isExcused(problem)).map(lineOf)
  for (const one of excused) {
    if (problems.some((problem) => problem.path === one.path)) continue
    lines.push(`${one.path}  needs no exception from "${rule}" any more: take it off the list.`)
  }
  if (lines.length > 0) assert.fail(`${rule}:\n${lines.join('\n')}`)
}

function lineOf({ path, line, message }: Problem): string {
  return `${path}${line === undefined ? '' : `:${line}`}  ${message}`
}
