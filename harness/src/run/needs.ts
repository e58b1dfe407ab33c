/** Which real parts a run needs, and which of them this machine lacks. */
import { nats } from '../../../tests/services/nats.ts'
import { nginx } from '../../../tests/services/nginx.ts'
import { type Part, reasonOf } from '../../../tests/services/part.ts'
import { postgres } from '../../../tests/services/postgres.ts'
import { redis } from '../../../tests/services/redis.ts'
import type { Need, Scenario } from '../scenarios/scenario.ts'
import { type StageOptions, USUAL } from '../stage/stage.ts'

const PARTS: Readonly<Record<Exclude<Need, 'root'>, Part>> = { nginx, redis, nats, postgres }

/** With those that the broker and the store of the stage are. */
export function needsOf(scenario: Scenario, changes: Partial<StageOptions>): ReadonlySet<Need> {
  const { broker, store, storeMib } = { ...USUAL, ...scenario.stage, ...changes }
  const needs = new Set(scenario.needs)
  if (broker.startsWith('redis')) needs.add('redis')
  if (broker.startsWith('nats')) needs.add('nats')
  if (store === 'postgres') needs.add('postgres')
  if (storeMib > 0) needs.add('root')
  return needs
}

/** Why it cannot be played here; undefined: it can. */
export async function missing(needs: ReadonlySet<Need>): Promise<string | undefined> {
  const reasons: string[] = []
  for (const need of needs) {
    if (need === 'root') {
      if (process.getuid?.() !== 0) reasons.push('root rights are not given')
      continue
    }
    const answer = await PARTS[need].find()
    if (!answer.found) reasons.push(reasonOf(PARTS[need], answer))
  }
  return reasons.length > 0 ? reasons.join('; ') : undefined
}
