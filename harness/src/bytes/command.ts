/** `npm run load -- bytes`. */
import { setMaxListeners } from 'node:events'
import { isRequired, reasonOf } from '../../../tests/services/part.ts'
import { labelOf } from './candidates.ts'
import { compare, FULL, QUICK } from './comparison.ts'
import { PART_OF } from './ground.ts'
import { writePage } from './page.ts'
import { textReport } from './report.ts'

export interface BytesCommand {
  /** Two servers, a few people, one Redis: stock beside ours. */
  readonly quick: boolean
  /** Into docs/reference/performance.md, too. */
  readonly write: boolean
}

const PARTS_AT_ONCE_MAX = 64

/** Resolves with the exit code. A broker that this machine lacks is named, and its candidates are left out. */
export async function bytesCommand({ quick, write }: BytesCommand): Promise<number> {
  const plan = quick ? QUICK : FULL
  // Each server of a test part listens for the end of this process, and there are many at once.
  setMaxListeners(PARTS_AT_ONCE_MAX, process)
  const missing = new Map<string, string>()
  for (const part of new Set(Object.values(PART_OF))) {
    const answer = await part.find()
    if (!answer.found) missing.set(part.name, reasonOf(part, answer))
  }
  for (const reason of missing.values()) say(`left out: ${reason}`)
  const isHere = ({ ground }: (typeof plan.candidates)[number]): boolean =>
    !missing.has(PART_OF[ground].name)
  const comparison = await compare(
    {
      ...plan,
      candidates: plan.candidates.filter(isHere),
      sized: plan.sized.filter(isHere),
    },
    say,
  )
  process.stdout.write(`${textReport(comparison)}\n`)
  if (write && (quick || missing.size > 0)) {
    say('not written: the page wants every row of the whole comparison.')
    return 1
  }
  if (write) writePage(comparison)
  const incomplete = comparison.rows.filter(({ base }) => base.delivered.arrived === 0)
  for (const { candidate } of incomplete) say(`nothing was delivered: ${labelOf(candidate)}`)
  return incomplete.length > 0 || (missing.size > 0 && isRequired()) ? 1 : 0
}

function say(line: string): void {
  process.stderr.write(`${line}\n`)
}
