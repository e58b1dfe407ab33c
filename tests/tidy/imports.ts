// What a file imports: static and dynamic imports, re-exports, and files named by URL.
import { scan } from './scan.ts'
import { lineAt } from './tree.ts'

export interface Import {
  readonly specifier: string
  /** Gone at run time: `import type` or `export type`. */
  readonly isTypeOnly: boolean
  readonly line: number
}

/** new URL('./x.ts', import.meta.url): workers and child processes. */
const FILE_BY_URL = /(?<![\w$.])new\s+URL()\(\s*(['"]) *\2\s*,\s*import\.meta\.url/dg

const FORMS: readonly RegExp[] = [
  // import a, { b } from 'x' · import type { a } from 'x' · import * as a from 'x'
  /(?<![\w$.])import\s+(type\s+(?!from\b))?[\w$*{][^'"`;()=]*?(?<=[\s}])from\s*(['"]) *\2/dg,
  // export { a } from 'x' · export * from 'x' · export type * from 'x'
  /(?<![\w$.])export\s+(type\s+)?(?:\*(?:\s+as\s+[\w$]+)?|\{[^}]*\})\s*from\s*(['"]) *\2/dg,
  // import 'x'
  /(?<![\w$.])import()\s*(['"]) *\2/dg,
  // import('x')
  /(?<![\w$.])import()\s*\(\s*(['"]) *\2/dg,
  FILE_BY_URL,
]

/** The imports of a file, in the order of the text. */
export function importsOf(text: string): readonly Import[] {
  const { code } = scan(text)
  const found: (Import & { at: number })[] = []
  for (const form of FORMS) {
    for (const match of code.matchAll(form)) {
      const quoteAt = match.indices?.[2]?.[0] ?? 0
      const quote = match[2] ?? "'"
      const specifier = text.slice(quoteAt + 1, text.indexOf(quote, quoteAt + 1))
      if (form === FILE_BY_URL && !/\.[cm]?[jt]s$/.test(specifier)) continue
      const line = lineAt(text, match.index)
      found.push({ specifier, isTypeOnly: (match[1] ?? '') !== '', line, at: match.index })
    }
  }
  return found.sort((a, b) => a.at - b.at).map(({ at: _, ...one }) => one)
}
