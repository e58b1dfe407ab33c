/**
 * Packets that are lost and nothing else, as the kernel's firewall plays it (`nft`): kernels without netem have it. They are dropped where they arrive, because a
 * sender whose packet is dropped on its own machine is told so, and waits instead of sending again. Pure.
 */

/** Where a host's losses are kept, by the same name at both ends of its cables. `nft` takes no dashes in names. */
export const tableOf = (pid: number, number: number): string => `madang_${pid}_${number}`

/** What `nft -f -` is told, so that of all that arrives at these links so many percent are lost. */
export function losingOf(table: string, links: readonly string[], percent: number): string {
  const chains = links.map(
    (link) =>
      `chain ${link} { type filter hook ingress device "${link}" priority 0; numgen random mod 100 < ${percent} counter drop; }`,
  )
  return `table netdev ${table} {\n${chains.join('\n')}\n}\n`
}

/** What it is told, so that nothing is lost any more. The table has to be there. */
export const removalOf = (table: string): string => `delete table netdev ${table}\n`

export const showingOf = (table: string) => ['-j', 'list', 'table', 'netdev', table] as const

interface Shown {
  readonly nftables: readonly {
    readonly rule?: {
      readonly expr: readonly { readonly counter?: { readonly packets: number } }[]
    }
  }[]
}

/** How many packets were lost, of `nft -j list table netdev TABLE`. */
export function droppedOf(shown: string): number {
  const { nftables } = JSON.parse(shown) as Shown
  return nftables
    .flatMap(({ rule }) => rule?.expr ?? [])
    .reduce((sum, { counter }) => sum + (counter?.packets ?? 0), 0)
}
