/** What became of the visitors of one phase. */
export class Tally {
  arrived = 0
  connected = 0
  /** Emits, and how they were answered. */
  sent = 0
  acknowledged = 0
  /** Events that came down, of any name. */
  received = 0
  /** Of those whose connection is to become a websocket. */
  upgraded = 0
  readonly connectMs: number[] = []
  readonly ackMs: number[] = []
  /** Handshakes and emits that the server refused, answers that never came, connections that it closed: by reason. */
  readonly refusals = new Map<string, number>()

  refuse(reason: string): void {
    this.refusals.set(reason, (this.refusals.get(reason) ?? 0) + 1)
  }

  get refused(): number {
    return [...this.refusals.values()].reduce((sum, count) => sum + count, 0)
  }

  /** '3 × rate_limited, 1 × no answer'; empty where nothing was refused. */
  get reasons(): string {
    return [...this.refusals].map(([reason, count]) => `${count} × ${reason}`).join(', ')
  }
}
