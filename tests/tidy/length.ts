// The rules that files and functions stay short.
import { type FunctionSpan, functionsOf } from './functions.ts'
import { isForTests, isScript, type Problem, type SourceFile } from './tree.ts'

export const FILE_LINES_MAX = 400
export const STYLE_LINES_MAX = 600
export const FUNCTION_LINES_MAX = 70

export function longFiles(files: readonly SourceFile[]): readonly Problem[] {
  return files.flatMap(({ path, text }) => {
    const isStyle = path.endsWith('.css')
    if (!isStyle && !isScript(path)) return []
    const max = isStyle ? STYLE_LINES_MAX : FILE_LINES_MAX
    const lines = text.split('\n').length - (text.endsWith('\n') ? 1 : 0)
    if (lines <= max) return []
    return [{ path, message: `has ${lines} lines, ${max} at most: find its second noun.` }]
  })
}

/**
 * A function counts with the functions inside it, so that a class cannot hide in a closure. In tests and case files it counts without
 * them: a suite is a container.
 */
export function longFunctions(files: readonly SourceFile[]): readonly Problem[] {
  return files.flatMap(({ path, text }) => {
    if (!isScript(path)) return []
    const spans = functionsOf(text)
    const isContainer = isForTests(path)
    return spans.flatMap((span) => {
      const lines = isContainer ? ownLines(span, spans) : linesOf(span)
      if (lines <= FUNCTION_LINES_MAX) return []
      const message = `${span.name} has ${lines} lines, ${FUNCTION_LINES_MAX} at most: name its steps.`
      return [{ path, line: span.from, message }]
    })
  })
}

function linesOf({ from, to }: FunctionSpan): number {
  return to - from + 1
}

/** The lines of a function that belong to no function inside it. */
function ownLines(span: FunctionSpan, all: readonly FunctionSpan[]): number {
  const inside = new Set<number>()
  for (const other of all) {
    if (other === span || other.from < span.from || other.to > span.to) continue
    if (linesOf(other) >= linesOf(span)) continue
    for (let line = other.from + 1; line <= other.to; line++) inside.add(line)
  }
  return linesOf(span) - inside.size
}
