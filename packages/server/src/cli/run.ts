/** From the words of a command line to a command, and from whatever comes of it to an exit code. */
import { parseArgs } from 'node:util'
import { quoted } from '../config/sources.ts'
import { type Command, EXITS, Failure, type Given, type Surroundings } from './command.ts'
import { COMMANDS } from './commands.ts'
import { helpOf, overview } from './help.ts'

/** Resolves to the exit code. Rejects with what nobody foresaw. */
export async function runLine(line: readonly string[], around: Surroundings): Promise<number> {
  try {
    return await dispatch(line, around)
  } catch (error) {
    if (!(error instanceof Failure)) throw error
    for (const each of error.lines) around.err(each)
    return error.code
  }
}

async function dispatch(line: readonly string[], around: Surroundings): Promise<number> {
  const [name, ...rest] = line
  if (name === undefined || name === 'help' || name === '--help' || name === '-h') {
    around.out(overview(COMMANDS))
    return name === undefined ? EXITS.usage.code : EXITS.done.code
  }
  if (name === '--version' || name === '-v') {
    around.out(`${around.version}\n`)
    return EXITS.done.code
  }
  const command = COMMANDS.find((each) => each.name === name)
  if (command === undefined) {
    throw new Failure(`${quoted(name)} is not a command. See madang --help.`, 'usage')
  }
  const isItsOwn = command.words === undefined
  if (!isItsOwn && (rest.includes('--help') || rest.includes('-h'))) {
    around.out(helpOf(command))
    return EXITS.done.code
  }
  return command.run(isItsOwn ? { words: rest, flags: {} } : read(command, rest), around)
}

function read(command: Command, args: readonly string[]): Given {
  const { name, flags, words = { min: 0, max: 0 } } = command
  const refuse = (text: string): never => {
    throw new Failure(`${text} See madang ${name} --help.`, 'usage')
  }
  const options = Object.fromEntries(
    Object.entries(flags).map(([flag, { type }]) => [flag, { type }]),
  )
  const { positionals, values } = parsed(args, options, refuse)
  if (positionals.length < words.min) return refuse(`madang ${name} needs more than that.`)
  const extra = positionals[words.max]
  if (extra !== undefined) return refuse(`${quoted(extra)} is too much.`)
  return { words: positionals, flags: values }
}

function parsed(
  args: readonly string[],
  options: Readonly<Record<string, { type: 'string' | 'boolean' }>>,
  refuse: (text: string) => never,
) {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true })
  } catch (error) {
    // Node says it in a sentence or two; the first is enough.
    const text = error instanceof Error ? error.message : String(error)
    return refuse(`${text.split(/\. |\n/)[0]}.`)
  }
}
