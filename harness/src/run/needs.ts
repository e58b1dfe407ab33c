/** Which real parts and which rights a run needs, and which of them this machine lacks. */
import { nats } from '../../../tests/services/nats.ts'
import { nginx } from '../../../tests/services/nginx.ts'
import { isRequired, type Part, reasonOf } from '../../../tests/services/part.ts'
import { postgres } from '../../../tests/services/postgres.ts'
import { redis } from '../../../tests/services/redis.ts'
import { loss, namespaces, netem } from '../hosts/rights.ts'
import type { Need, PartNeed, RightNeed, Scenario } from '../scenarios/scenario.ts'
import { type StageOptions, USUAL } from '../stage/stage.ts'

const root: Part = {
  name: 'root rights',
  neededFor: 'disks that can be filled',
  async find() {
    if (process.getuid?.() === 0) return { found: true, path: '/', from: 'the user' }
    return { found: false, why: 'are not given', remedy: 'run it as root' }
  },
}

const PARTS: Readonly<Record<PartNeed, Part>> = { nginx, redis, nats, postgres }
const RIGHTS: Readonly<Record<RightNeed, Part>> = { root, namespaces, netem, loss }
const NEEDS: Readonly<Record<Need, Part>> = { ...PARTS, ...RIGHTS }

/** As people call it. */
export const nameOf = (need: Need): string => NEEDS[need].name

/** With those that the broker and the store of the stage are. */
export function needsOf(scenario: Scenario, changes: Partial<StageOptions>): ReadonlySet<Need> {
  const { broker, store, storeMib, hosts } = { ...USUAL, ...scenario.stage, ...changes }
  const needs = new Set(scenario.needs)
  if (broker.startsWith('redis')) needs.add('redis')
  if (broker.startsWith('nats')) needs.add('nats')
  if (store === 'postgres') needs.add('postgres')
  if (storeMib > 0) needs.add('root')
  if (hosts) needs.add('namespaces')
  return needs
}

/** Why something cannot be played here. */
export interface Lack {
  readonly why: string
  /** Whether it is a failure: parts are required, and one is missing. A right is nothing that can be installed; without it there is a skip, always. */
  readonly isFailure: boolean
}

/** Undefined: it can be played. `all`: what is asked for each need. */
export async function missing(
  needs: ReadonlySet<Need>,
  all: Readonly<Record<Need, Part>> = NEEDS,
): Promise<Lack | undefined> {
  const reasons: string[] = []
  let isFailure = false
  for (const need of needs) {
    const answer = await all[need].find()
    if (answer.found) continue
    reasons.push(reasonOf(all[need], answer))
    if (need in PARTS) isFailure = isRequired()
  }
  return reasons.length > 0 ? { why: reasons.join('; '), isFailure } : undefined
}
