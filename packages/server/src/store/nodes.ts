/**
 * The nodes part of the store's contract: which processes serve from this store, and where they reach each other. It is a directory and no truth: what is
 * not in it, or in it and dead, costs a client a new connection and nothing else. Times are those of the callers' clocks, which may differ by seconds.
 */

export interface NodeRecord {
  /** The node's name, which its session ids begin with; 1 to 64 characters. */
  readonly id: string
  /** Where the other nodes reach it: `host:port`, an IPv6 address in brackets. At most 300 characters. */
  readonly address: string
  /** Made anew at each start: whoever shows it to this node has read this store. At most 100 characters. */
  readonly secret: string
  /** When it last said that it runs, in ms since 1970. */
  readonly seenAt: number
}

export interface NodeStore {
  /** Makes the node's record, or brings it up to date, and forgets every other that was last seen before `forgetBefore`. Two at once of the same id: the last one counts. */
  announceNode(node: NodeRecord, forgetBefore: number): Promise<void>
  /** All that are known, by id: a few hundred at most, so there is no page. */
  nodes(): Promise<readonly NodeRecord[]>
  /** Forgets a node that stops, where the secret is still its own: a process that took over its name stays. */
  forgetNode(id: string, secret: string): Promise<void>
}
