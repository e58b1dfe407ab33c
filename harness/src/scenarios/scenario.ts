/**
 * The contract of a scenario: a name, a story and a seed.
 *
 * A scenario is one row. Its `story` says in one line what happens to whom. `proves` names the invariants (I1 to I14 of ARCHITECTURE.md)
 * that it is about: a run that gave one of them nothing to look at is unknown, and unknown is not a pass. The others are checked all the same, and
 * a violation of any of them fails the run. `needs` names the real parts, and the rights, without which it is skipped, by name. `stage` is what differs from
 * the usual stage. `figures` are what it measures, with targets where there are any; a figure that misses its target is reported, and only
 * fails a run with `--strict`: verdicts never depend on how fast the machine is.
 *
 * `run` is given a stage where everything is ready, the crowd is in and acts. It does its harm through `stage.nemesis.strike`, whose
 * callback returns whether the harm was seen to take effect; a run in which no fault took effect is unknown. It ends when the harm is healed:
 * frozen nodes thawed, killed ones started again, `links.fair()`. Then the crowd comes to rest and tells what it shows, the nodes are
 * ended, and the store is read. A scenario may pause the crowd and let it play on, but leaves it as it found it. What is a matter of luck is
 * drawn from `stage.random`, so that the seed decides it. What it waits for it waits for by condition, however long that takes; whoever runs
 * it has patience, and a test has its own time.
 *
 * A scenario rejects where its own story could not be told (a part did not come up); that is a failure of the run, not a verdict.
 */

import type { FigureTargets } from '../checker/figures.ts'
import type { InvariantId } from '../checker/invariant.ts'
import type { Stage, StageOptions } from '../stage/stage.ts'

/** Real parts, beside those that the chosen broker and store need. */
export type PartNeed = 'nginx' | 'redis' | 'nats' | 'postgres'
/** What a machine lets us do. `namespaces`: hosts of their own. `netem`: a kernel that loses and delays packets. `loss`: one whose firewall loses them, by `nft`. No package brings the kernel's part or the rights. */
export type RightNeed = 'root' | 'namespaces' | 'netem' | 'loss'
export type Need = PartNeed | RightNeed

export interface Scenario {
  /** Lower case, with hyphens: what `--only` takes. */
  readonly name: string
  readonly story: string
  readonly proves: readonly InvariantId[]
  readonly needs: readonly Need[]
  readonly seed: number
  /** Whether it belongs to the set that every test run plays. */
  readonly quick: boolean
  readonly stage: Partial<StageOptions>
  readonly figures: FigureTargets
  run(stage: Stage): Promise<void>
}
