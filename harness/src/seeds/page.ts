/** docs/reference/seeds.md: the table as it was last written. */
import { writeFile } from 'node:fs/promises'
import { markdownTable, measuredOn } from '../page.ts'
import type { Seed } from './claim.ts'
import { summaryOf } from './claim-table.ts'
import type { Row } from './run.ts'

const PAGE = new URL('../../../docs/reference/seeds.md', import.meta.url)
const COLUMNS = ['claim', 'what was done', 'what was seen', 'result'] as const

export async function writeRows(rows: readonly Row[], seeds: readonly Seed[]): Promise<void> {
  const sections = seeds.map(({ name, title }) => {
    const mine = rows.filter((row) => row.seed === name)
    const cells = mine.map((row) => [row.says, row.does, row.saw, row.result].map(cellOf))
    return `## ${name}: ${title}\n\n${markdownTable({ columns: COLUMNS, rows: cells })}`
  })
  await writeFile(PAGE, `${headOf(rows)}\n${sections.join('\n\n')}\n`)
}

function headOf(rows: readonly Row[]): string {
  return `# The five systems

Madang comes from five write-ups of chat systems. This is what each of them says, tried with real processes. The page is written by the command that it
names; \`npm run seeds\` alone prints the same table.

${measuredOn('npm run seeds -- --write', {})} In all: ${summaryOf(rows)}.
`
}

const cellOf = (text: string): string => text.replaceAll('|', '\\|')
