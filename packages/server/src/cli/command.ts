/** What a command of `madang` is. Each is a file of its own in `commands/`, and a row of the table there. */
import type { Environment } from '../config/sources.ts'

export interface Flag {
  readonly type: 'string' | 'boolean'
  /** What stands for the value in the help. */
  readonly value?: string
  /** One sentence. */
  readonly about: string
}

/** What a command is given of the process: tests hand in their own. */
export interface Surroundings {
  readonly env: Environment
  readonly cwd: string
  readonly version: string
  /** Whether somebody reads along in a terminal. */
  readonly isTerminal: boolean
  out(text: string): void
  /** A line for the operator, beside the output. */
  err(line: string): void
  /** Ends when the operator has had enough. */
  readonly signal: AbortSignal
}

export interface Given {
  readonly words: readonly string[]
  readonly flags: Readonly<Record<string, string | boolean | undefined>>
}

export interface Command {
  readonly name: string
  /** One sentence, for the list of commands. */
  readonly summary: string
  /** What follows the name: `<node> [--pid <number>]`. */
  readonly usage: string
  /** More for the command's own help: a sentence or two a line. */
  readonly details: readonly string[]
  readonly flags: Readonly<Record<string, Flag>>
  /** How many words it takes beside its flags. Absent: it reads its arguments itself. */
  readonly words?: { readonly min: number; readonly max: number }
  /** Resolves to the exit code. Rejects with `Failure` for what the operator can do something about. */
  run(given: Given, around: Surroundings): Promise<number>
}

/** Exit codes of all commands but `start`, which has the server's. 64 and 78 are EX_USAGE and EX_CONFIG of BSD's sysexits.h. */
export const EXITS = {
  done: { code: 0, when: 'it was done' },
  failed: { code: 1, when: 'it could not be done; one line says why' },
  findings: { code: 2, when: '`doctor` found something that has to be repaired' },
  usage: { code: 64, when: 'there is no such command, flag or argument' },
  misconfigured: { code: 78, when: 'a setting is wrong' },
} as const

/** Something that an operator can do something about: a line each, and no stack. */
export class Failure extends Error {
  readonly lines: readonly string[]
  readonly code: number

  constructor(lines: string | readonly string[], exit: keyof typeof EXITS = 'failed') {
    const all = typeof lines === 'string' ? [lines] : lines
    super(all.join('\n'))
    this.name = 'Failure'
    this.lines = all
    this.code = EXITS[exit].code
  }
}

/** A flag's text; undefined where it was not given. */
export function textOf({ flags }: Given, name: string): string | undefined {
  const value = flags[name]
  return typeof value === 'string' ? value : undefined
}
