/** docs/reference/performance.md: each command that measures owns one section of it, between markers, and leaves the others alone. */
import { readFile, writeFile } from 'node:fs/promises'
import { cpus, release, totalmem, type } from 'node:os'
import { show, type Table } from './table.ts'

const REFERENCE = new URL('../../docs/reference/', import.meta.url)
const PAGE = new URL('performance.md', REFERENCE)

const INTRODUCTION = `# Performance

What was measured, where and how. Each section is written by the command that it names, and by nothing else; run the command to see the figures of your own machine.
`

/** Puts the section in its place, or at the end. */
export function withSection(page: string, name: string, body: string): string {
  const [open, close] = [`<!-- ${name}: begin -->`, `<!-- ${name}: end -->`]
  const section = `${open}\n${body.trim()}\n${close}`
  const [from, to] = [page.indexOf(open), page.indexOf(close)]
  if (from === -1 || to < from) return `${page.trimEnd()}\n\n${section}\n`
  return page.slice(0, from) + section + page.slice(to + close.length)
}

export async function writeSection(name: string, body: string): Promise<void> {
  const page = await readFile(PAGE, 'utf8').catch(() => INTRODUCTION)
  await writeFile(PAGE, withSection(page, name, body))
}

/** Beside the page. */
export async function writePlot(name: string, svg: string): Promise<void> {
  await writeFile(new URL(name, REFERENCE), svg)
}

export function markdownTable({ columns, rows }: Table): string {
  const isNumeric = columns.map((_, index) => typeof rows[0]?.[index] === 'number')
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  return [
    line(columns),
    line(isNumeric.map((numeric) => (numeric ? '---:' : '---'))),
    ...rows.map((row) => line(row.map(show))),
  ].join('\n')
}

/** Where and with what it was measured. */
export function measuredOn(command: string, versions: Readonly<Record<string, string>>): string {
  const [cpu] = cpus()
  const memory = `${Math.round(totalmem() / 2 ** 30)} GB`
  const machine = `${cpus().length} × ${cpu?.model.trim() ?? 'unknown'}, ${memory}, ${type()} ${release()}`
  const software = Object.entries({ Node: process.versions.node, ...versions })
    .map(([name, version]) => `${name} ${version}`)
    .join(', ')
  const day = new Date().toISOString().slice(0, 10)
  return `Measured on ${day} with \`${command}\` on ${machine}; ${software}; everything on loopback, clients on the same machine.`
}
