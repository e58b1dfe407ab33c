/** The comparison's part of docs/reference/performance.md, between two marks; what stands around it is left as it is. */
import { readFileSync, writeFileSync } from 'node:fs'
import type { Comparison } from './comparison.ts'
import { pictureOf } from './picture.ts'
import { disagreement, markdownTable, notes, tablesOf } from './report.ts'

const FOLDER = new URL('../../../docs/reference/', import.meta.url)
const PAGE = new URL('performance.md', FOLDER)
const PICTURE = 'performance-bytes.svg'
const BEGIN = '<!-- bytes: begin -->'
const END = '<!-- bytes: end -->'

export function writePage(comparison: Comparison): void {
  writeFileSync(new URL(PICTURE, FOLDER), pictureOf(comparison))
  writeFileSync(PAGE, withSection(readFileSync(PAGE, 'utf8'), sectionOf(comparison)))
}

/** The page with this between the marks. Throws where the marks are missing. */
export function withSection(page: string, section: string): string {
  const from = page.indexOf(BEGIN)
  const to = page.indexOf(END)
  if (from === -1 || to < from) throw new Error(`the page has no ${BEGIN} ... ${END}`)
  return `${page.slice(0, from + BEGIN.length)}\n${section}\n${page.slice(to)}`
}

function sectionOf(comparison: Comparison): string {
  const tables = tablesOf(comparison).map((table) => `${table.title}:\n\n${markdownTable(table)}`)
  const picture = `![Bytes through the brokers, one bar for each adapter](${PICTURE})`
  return ['', picture, ...tables, notes(disagreement(comparison)).replaceAll('\n', ' '), '']
    .join('\n\n')
    .replace(/^\n+/, '\n')
    .replace(/\n+$/, '\n')
}
