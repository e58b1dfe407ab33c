/** The whole installation, for operators. Who asks was found to be one. */
import type { Core } from '../../core/core.ts'
import { Refusal } from '../../core/refusal.ts'
import type { OperatorDesk } from '../../doors/operators.ts'
import type { Handlers } from '../ask.ts'
import { statsLines } from '../stats-lines.ts'

type Names = 'getCluster' | 'drainNode' | 'disablePerson' | 'follow' | 'getStats' | 'getStatsTable'

/** `desk`: absent where this server has nothing to show. */
export function operatorHandlers(
  { people }: Core,
  desk: OperatorDesk | undefined,
): Handlers<Names> {
  const shown = (): OperatorDesk => {
    if (desk === undefined) throw new Refusal('not_found')
    return desk
  }
  return {
    getCluster: async () => shown().cluster(),
    async drainNode({ params: { nodeId } }) {
      if (!(await shown().drain(nodeId))) throw new Refusal('not_found')
      return {}
    },
    async disablePerson({ params: { personId }, body: { disabled } }) {
      await people.disable(personId, disabled)
      return {}
    },
    follow: async ({ body: { target } }) => shown().follow(target),
    getStats: async ({ query }) => shown().stats(query),
    getStatsTable: async ({ query }) => statsLines(await shown().stats(query)),
  }
}
