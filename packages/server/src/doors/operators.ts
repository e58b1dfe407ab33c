/** What both doors ask for operators. Who is one, core says; here it is known already. */
import type { ClusterView, FollowTarget, Stats, StatsRange, Trace } from '@madang/protocol'

export interface OperatorDesk {
  /** All nodes, at most a second old. Never rejects: who does not answer is silent. */
  cluster(): Promise<ClusterView>
  /** What all nodes saw of it since it is followed; they begin with the first call, and end half a minute after the last. Never rejects. */
  follow(target: FollowTarget): Promise<Trace>
  /** False: no such node is known. Rejects with `Refusal` (`unavailable`) where it does not answer. */
  drain(node: string): Promise<boolean>
  /** Rejects with the target's error where it cannot be read. */
  stats(range: StatsRange): Promise<Stats>
}
