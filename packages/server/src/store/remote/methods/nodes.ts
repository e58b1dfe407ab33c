/** Rows of the directory of nodes. */
import { Instant } from '@madang/protocol'
import { z } from 'zod'
import { DEADLINES } from '../deadlines.ts'
import { row, silentRow } from '../row.ts'

const Node = z.object({
  id: z.string().min(1).max(64),
  address: z.string().max(300),
  secret: z.string().max(100),
  seenAt: Instant,
})
const read = { need: 'optional', repeats: 'always', deadlineMs: DEADLINES.readMsMax } as const
const write = { need: 'optional', repeats: 'always', deadlineMs: DEADLINES.writeMsMax } as const

export const nodeMethods = {
  announceNode: silentRow<'announceNode'>()(
    ['node', 'forgetBefore'],
    { node: Node, forgetBefore: Instant },
    {
      ...write,
      summary:
        'Keeps where a gateway is reached by the others, in place of what it said before, and forgets the others that were last seen before `forgetBefore`. Needed where several gateways serve long-polling.',
    },
  ),
  nodes: row<'nodes'>()([], {}, z.array(Node), {
    ...read,
    summary: 'All gateways that are known, by id.',
  }),
  forgetNode: silentRow<'forgetNode'>()(
    ['id', 'secret'],
    { id: z.string().max(64), secret: z.string().max(100) },
    { ...write, summary: 'Forgets a gateway that stops, where the secret is still its own.' },
  ),
}
