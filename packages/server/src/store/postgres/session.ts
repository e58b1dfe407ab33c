/** What durability and correctness depend on, checked and set for each connection when it is opened. */
import type { ClientBase } from 'pg'
import { StoreError } from '../store.ts'

export interface SessionRules {
  /** How long one statement may take, in ms; half of it for a lock that another session holds. */
  readonly statementMsMax: number
}

/** The oldest that its makers still mend. */
const VERSION_MIN = 14

interface Answer {
  readonly version: number
  readonly encoding: string
  readonly fsync: string
  readonly full_page_writes: string
  readonly synchronous_commit: string
  readonly is_standby: boolean
}

const ASK = `select current_setting('server_version_num')::int as version, current_setting('server_encoding') as encoding,
  current_setting('fsync') as fsync, current_setting('full_page_writes') as full_page_writes,
  current_setting('synchronous_commit') as synchronous_commit, pg_is_in_recovery() as is_standby`

/**
 * The session's own values, over those of a role, a database or a file, which may change later. The level of `synchronous_commit` that was found stays: every one but
 * `off` waits for the disk of this server at least. Each statement sees what was committed before it began, which the locks of appends count on.
 */
const SET = `select set_config('synchronous_commit', $1, false), set_config('default_transaction_isolation', 'read committed', false),
  set_config('statement_timeout', $2, false), set_config('lock_timeout', $3, false),
  set_config('idle_in_transaction_session_timeout', $2, false), set_config('jit', 'off', false)`

export class Sessions {
  readonly #statementMsMax: number
  /** What the first session had, and all later ones get. */
  #commitLevel: string | undefined

  constructor({ statementMsMax }: SessionRules) {
    this.#statementMsMax = statementMsMax
  }

  /** Rejects with `StoreError` (`unavailable`) where this server would lose, or not take, what was acknowledged. */
  async open(client: ClientBase): Promise<void> {
    const { rows } = await client.query<Answer>(ASK)
    const [answer] = rows
    if (!answer) throw new StoreError('unavailable', 'The database does not tell its settings.')
    const level = this.#commitLevel ?? answer.synchronous_commit
    const problem = problemOf({ ...answer, synchronous_commit: level })
    if (problem !== null) throw new StoreError('unavailable', problem)
    const lockMsMax = Math.ceil(this.#statementMsMax / 2)
    await client.query(SET, [level, String(this.#statementMsMax), String(lockMsMax)])
    this.#commitLevel = level
  }
}

function problemOf(answer: Answer): string | null {
  if (answer.version < VERSION_MIN * 10_000) {
    return `It is PostgreSQL ${Math.floor(answer.version / 10_000)}, and ${VERSION_MIN} or later is needed.`
  }
  if (answer.encoding !== 'UTF8') {
    return `The database has the encoding ${answer.encoding}, and UTF8 is needed.`
  }
  for (const setting of ['fsync', 'full_page_writes', 'synchronous_commit'] as const) {
    if (answer[setting] !== 'off') continue
    return `${setting} is off, so that what was acknowledged could be lost; turn it on for this server, database and user.`
  }
  return answer.is_standby ? 'It is a standby, which takes no writes.' : null
}
