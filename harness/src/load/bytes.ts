/** What a message costs between servers, in bytes through the brokers: stock adapters beside ours. */
import { setMaxListeners } from 'node:events'
import { isRequired, reasonOf } from '../../../tests/services/part.ts'
import { labelOf } from '../bytes/candidates.ts'
import { type Comparison, compare, FULL, QUICK } from '../bytes/comparison.ts'
import { PART_OF } from '../bytes/ground.ts'
import { pictureOf } from '../bytes/picture.ts'
import { disagreement, notes, tablesOf, textReport } from '../bytes/report.ts'
import { markdownTable, measuredOn, writePlot, writeSection } from '../page.ts'
import type { LoadCommand } from './command.ts'

/** Each server of a test part listens for the end of this process, and there are many at once. */
const PARTS_AT_ONCE_MAX = 64

const PICTURE = 'bytes.svg'

/** A broker that this machine lacks is named, and its candidates are left out. */
export const bytes: LoadCommand = {
  name: 'bytes',
  measures: 'bytes through the brokers, stock adapters beside ours (3 min)',
  async run({ quick, write, progress }) {
    const plan = quick ? QUICK : FULL
    setMaxListeners(PARTS_AT_ONCE_MAX, process)
    const missing = await missingParts()
    for (const reason of missing.values()) progress(`left out: ${reason}`)
    const isHere = ({ ground }: (typeof plan.candidates)[number]): boolean =>
      !missing.has(PART_OF[ground].name)
    const [candidates, sized] = [plan.candidates.filter(isHere), plan.sized.filter(isHere)]
    const comparison = await compare({ ...plan, candidates, sized }, progress)
    const silent = comparison.rows.filter(({ base }) => base.delivered.arrived === 0)
    for (const { candidate } of silent) progress(`nothing was delivered: ${labelOf(candidate)}`)
    const isWritable = !quick && missing.size === 0
    if (write && isWritable) await writeComparison(comparison)
    if (write && !isWritable) progress('not written: the page wants every row.')
    const lacks = silent.length > 0 || (missing.size > 0 && isRequired())
    return { text: textReport(comparison), isWhole: !lacks && (!write || isWritable) }
  },
}

/** Name and reason. */
async function missingParts(): Promise<ReadonlyMap<string, string>> {
  const missing = new Map<string, string>()
  for (const part of new Set(Object.values(PART_OF))) {
    const answer = await part.find()
    if (!answer.found) missing.set(part.name, reasonOf(part, answer))
  }
  return missing
}

async function writeComparison(comparison: Comparison): Promise<void> {
  await writePlot(PICTURE, pictureOf(comparison))
  await writeSection('bytes', section(comparison))
}

function section(comparison: Comparison): string {
  return `
## Bytes through the brokers

${measuredOn('npm run load -- bytes --write', {})}

An experiment that others have published: three chat servers, 150 people in one room, three messages each ("hello"; two in the chat, one question), over real brokers. Every
candidate has to deliver all of them to everyone; a row says so, or says what was missing.

![Bytes through the brokers, one bar for each adapter](${PICTURE})

${tablesOf(comparison)
  .map((table) => `${table.title}:\n\n${markdownTable(table)}`)
  .join('\n\n')}

${notes(disagreement(comparison)).replaceAll('\n', ' ')}
`
}
