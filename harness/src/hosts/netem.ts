/** A bad network, as the kernel plays it (`tc netem`): packets are late, lost, and overtake each other. Pure. */

/** Each way. */
export interface BadNetwork {
  readonly delayMs: number
  readonly jitterMs: number
  readonly lossPercent: number
  /** So many are not late at all, and overtake those before them. */
  readonly hastyPercent: number
}

/** The arguments of `tc` that make it so at one end of a link. */
export function worsening(link: string, bad: BadNetwork): readonly string[] {
  const late = ['delay', `${bad.delayMs}ms`, `${bad.jitterMs}ms`]
  const rest = ['loss', `${bad.lossPercent}%`, 'reorder', `${bad.hastyPercent}%`]
  return ['qdisc', 'replace', 'dev', link, 'root', 'netem', ...late, ...rest]
}

export const mending = (link: string): readonly string[] => ['qdisc', 'del', 'dev', link, 'root']

/** How many packets were lost, of `tc -json -s qdisc show dev LINK`. */
export function lostOf(shown: string): number {
  const rows = JSON.parse(shown) as readonly { readonly kind?: string; readonly drops?: number }[]
  return rows.reduce((sum, { kind, drops = 0 }) => (kind === 'netem' ? sum + drops : sum), 0)
}
