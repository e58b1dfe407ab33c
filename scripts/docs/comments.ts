// Reads what the source says of each row of a table: the doc comment before it.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from '../steps.ts'

/**
 * Row → its comment, for the rows of `export const <table> = {`. A row without a comment of its own shares the one before, unless `isShared` is false: limits that
 * belong together are explained once.
 */
export function rowComments(
  file: string,
  table: string,
  isShared: boolean,
): ReadonlyMap<string, string> {
  const source = readFileSync(join(ROOT, file), 'utf8')
  const start = source.indexOf(`export const ${table} = {`)
  if (start === -1) throw new Error(`${file} has no ${table}`)
  const body = source.slice(start, source.indexOf('\n}', start))
  const comments = new Map<string, string>()
  let comment = ''
  for (const [, text, row] of body.matchAll(/^ {2}(?:\/\*\*([\s\S]*?)\*\/|(\w+):)/gm)) {
    if (text !== undefined) comment = prose(text)
    else if (row !== undefined) {
      if (comment !== '') comments.set(row, comment)
      if (!isShared) comment = ''
    }
  }
  return comments
}

/** The doc comment of one declaration. */
export function declarationComment(file: string, name: string): string {
  const source = readFileSync(join(ROOT, file), 'utf8')
  const at = source.indexOf(`\nexport const ${name} =`)
  const before = source.slice(0, at).trimEnd()
  if (at === -1 || !before.endsWith('*/')) return ''
  return prose(before.slice(before.lastIndexOf('/**') + 3, -2))
}

function prose(comment: string): string {
  return comment
    .split('\n')
    .map((line) => line.trim().replace(/^\* ?/, ''))
    .join(' ')
    .trim()
}
