/** docs/reference/seeds.md: the table as it was last written, a section for each seed. */
import { readFile, writeFile } from 'node:fs/promises'
import { markdownTable, measuredOn, withSection } from '../page.ts'
import type { Seed } from './claim.ts'
import { summaryOf } from './claim-table.ts'
import type { Row } from './run.ts'

const PAGE = new URL('../../../docs/reference/seeds.md', import.meta.url)
const COLUMNS = ['claim', 'what was done', 'what was seen', 'result'] as const

const INTRODUCTION = `# The five systems

Madang comes from five write-ups of chat systems. This is what each of them says, tried with real processes. Each section is written by the command that it names; \`npm run seeds\` alone prints the same as
one table.
`

/** Sections of seeds that were not tried stay as they are. */
export async function writeRows(rows: readonly Row[], seeds: readonly Seed[]): Promise<void> {
  let page = await readFile(PAGE, 'utf8').catch(() => INTRODUCTION)
  for (const { name, title } of seeds) {
    const mine = rows.filter((row) => row.seed === name)
    page = withSection(page, name, sectionOf(`${name}: ${title}`, name, mine))
  }
  await writeFile(PAGE, page)
}

function sectionOf(title: string, name: string, rows: readonly Row[]): string {
  const cells = rows.map((row) => [row.says, row.does, row.saw, row.result].map(cellOf))
  return `
## ${title}

${measuredOn(`npm run seeds -- --only ${name} --write`, {})} ${summaryOf(rows)}.

${markdownTable({ columns: COLUMNS, rows: cells })}
`
}

const cellOf = (text: string): string => text.replaceAll('|', '\\|')
