/** Compares what a server holds for a connection with what it should hold: what no lost answer and no library's mistake can hide. */
import { reasonOf } from '../link/link.ts'
import type { Subscriptions } from '../link/subscriptions.ts'
import type { RedisConnection } from './driver.ts'

/** So often it is asked before a difference counts: a subscription that is refused or taken away makes the numbers differ for a moment. */
const QUESTIONS = 2

export class Audit {
  readonly #sharded: boolean

  constructor(sharded: boolean) {
    this.#sharded = sharded
  }

  /** Rejects where the connection is not worth keeping. Servers that do not let themselves be asked (before 6.2, or by ACL) are pinged. */
  async check(connection: RedisConnection, subscriptions: Subscriptions): Promise<void> {
    let difference = ''
    for (let question = 0; question < QUESTIONS; question++) {
      const expected = subscriptions.heldCount
      const held = await this.#held(connection)
      const isRight = held === undefined || held === expected
      if (isRight || held === subscriptions.heldCount) return
      difference = `the server holds ${held} subscriptions instead of ${expected}`
    }
    throw new Error(difference)
  }

  async #held(connection: RedisConnection): Promise<number | undefined> {
    try {
      return heldIn(await connection.command(['CLIENT', 'INFO']), this.#sharded)
    } catch (error) {
      if (!/^(ERR|NOPERM)\b/.test(reasonOf(error))) throw error
      await connection.command(['PING'])
      return undefined
    }
  }
}

/** The number of subscriptions that CLIENT INFO tells; shard channels are told from Redis 7.0.3 on. */
export function heldIn(info: unknown, sharded: boolean): number | undefined {
  const found = (sharded ? /\bssub=(\d+)/ : /(?<!\w)sub=(\d+)/).exec(String(info))
  return found === null ? undefined : Number(found[1])
}
