/** Rows of what happened when. */
import { Instant } from '@madang/protocol'
import { z } from 'zod'
import { DEADLINES } from '../deadlines.ts'
import { row, silentRow } from '../row.ts'

const Stat = z.object({
  at: Instant,
  node: z.string().max(100),
  name: z.string().max(64),
  value: z.number(),
})
const Request = z.object({
  from: Instant,
  to: Instant,
  stepMs: z.int().min(1),
  as: z.enum(['sum', 'average']),
  names: z.array(z.string().max(64)).max(20),
  limit: z.int().min(1),
})

export const statsMethods = {
  writeStats: silentRow<'writeStats'>()(
    ['rows', 'forgetBefore'],
    { rows: z.array(Stat), forgetBefore: Instant },
    {
      need: 'optional',
      repeats: 'always',
      deadlineMs: DEADLINES.writeMsMax,
      summary:
        'Keeps counts for operators, each in place of the one of the same time, node and name, and forgets those before `forgetBefore`.',
    },
  ),
  stats: row<'stats'>()(['request'], { request: Request }, z.array(Stat), {
    need: 'optional',
    repeats: 'always',
    deadlineMs: DEADLINES.readMsMax,
    summary:
      'Counts between two times: sums over all nodes, or averages of each node, in steps of `stepMs`.',
  }),
}
