/** Where settings come from: the command line before the environment, and what of both is refused unread. */
import { parseArgs } from 'node:util'
import { flagNamed, flagOf, settingNames } from './settings.ts'

export type Environment = Readonly<Record<string, string | undefined>>

export interface CommandLine {
  readonly help: boolean
  readonly version: boolean
  readonly given: Environment
  readonly problems: readonly string[]
}

/**
 * Variables of parts that this version does not have. To leave them unread would be to run another system than the one that was asked for.
 * `allowed`: values that say no more than what is the case anyway.
 */
const ABSENT: Readonly<
  Record<string, { readonly lacks: string; readonly allowed?: readonly string[] }>
> = {
  API_URL: { lacks: 'no separate API process; one process serves everything' },
  ROLES: {
    lacks: 'no separate roles; one process serves everything',
    allowed: ['gateway,api', 'api,gateway'],
  },
}

/** Flag → variable, for all that can be asked for; secrets and absent parts among them, so that each gets its own refusal. */
const FLAGS: ReadonlyMap<string, string> = new Map(
  [...settingNames, ...Object.keys(ABSENT)].map((name) => [flagNamed(name), name]),
)

/** Reads flags: `--port 4000` and `--port=4000` are PORT=4000. */
export function readCommandLine(argv: readonly string[]): CommandLine {
  const { tokens } = parseArgs({
    args: [...argv],
    strict: false,
    tokens: true,
    options: Object.fromEntries([...FLAGS.keys()].map((flag) => [flag, { type: 'string' }])),
  })
  const given: Record<string, string> = {}
  const problems: string[] = []
  let help = false
  let version = false
  for (const token of tokens) {
    if (token.kind === 'option-terminator') continue
    if (token.kind === 'positional')
      problems.push(`${quoted(token.value)} is not a flag. See --help.`)
    else if (token.rawName === '--help' || token.rawName === '-h') help = true
    else if (token.rawName === '--version' || token.rawName === '-v') version = true
    else {
      const variable = FLAGS.get(token.name)
      const problem = flagProblem(token, variable)
      if (problem !== undefined) problems.push(problem)
      else if (variable !== undefined && token.value !== undefined) given[variable] = token.value
    }
  }
  return { help, version, given, problems }
}

interface OptionToken {
  readonly name: string
  readonly rawName: string
  readonly value?: string | undefined
  readonly inlineValue?: boolean | undefined
}

function flagProblem(token: OptionToken, variable: string | undefined): string | undefined {
  const shown = quoted(token.rawName)
  if (variable === undefined) {
    return `${shown} is not a flag.${suggestion(token.name, [...FLAGS.keys()], '--')}`
  }
  if (settingNames.some((name) => name === variable && flagOf(name) === undefined)) {
    return `${shown} is not a flag, because other users can read command lines. Set ${variable} in the environment or in .env.`
  }
  const takesNext = !token.inlineValue && token.value?.startsWith('--')
  if (token.value === undefined || takesNext) return `${shown} needs a value. See --help.`
  return undefined
}

/** Of a value that is not ours, in a line for the operator. */
const shownCharsMax = 200

/** In quotes, on one line and harmless to a terminal, whatever it is. */
export function quoted(given: string): string {
  const visible = (hidden: string) => `\\u${hidden.charCodeAt(0).toString(16).padStart(4, '0')}`
  return JSON.stringify(given.slice(0, shownCharsMax)).replace(/\p{Cc}/gu, visible)
}

/** What is said of variables that must not pass unread. */
export function refusedVariables(variables: Environment): string[] {
  const problems: string[] = []
  for (const [name, { lacks, allowed }] of Object.entries(ABSENT)) {
    const value = variables[name]
    if (value === undefined || allowed?.includes(value)) continue
    problems.push(`${name} is set, but this version of Madang has ${lacks}. Unset it.`)
  }
  for (const name of Object.keys(variables)) {
    if (!name.startsWith('MADANG_')) continue
    problems.push(`${quoted(name)} is not a setting.${suggestion(name.slice(7), settingNames)}`)
  }
  return problems
}

function suggestion(wrong: string, known: readonly string[], prefix = ''): string {
  const near = known
    .map((name) => ({ name, distance: distance(wrong, name) }))
    .toSorted((a, b) => a.distance - b.distance)[0]
  const isNear = near !== undefined && near.distance <= 2
  return isNear ? ` Did you mean ${prefix}${near.name}?` : ' See --help.'
}

/** Levenshtein's edit distance. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (const [i, letter] of [...a].entries()) {
    const next = [i + 1]
    for (const [j, other] of [...b].entries()) {
      const change = (row[j] ?? 0) + (letter === other ? 0 : 1)
      next.push(Math.min(change, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1))
    }
    row = next
  }
  return row.at(-1) ?? 0
}
