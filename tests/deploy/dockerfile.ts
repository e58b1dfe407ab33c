// Reads a Dockerfile and a .dockerignore as far as ours go. Pure.
export interface Instruction {
  readonly name: string
  /** What stands after the name, continuation lines joined. */
  readonly rest: string
  readonly line: number
}

export interface Stage {
  /** '' where it has no name. */
  readonly name: string
  /** An image, or the name of a stage before. */
  readonly from: string
  readonly instructions: readonly Instruction[]
}

export interface Copy {
  /** A stage; absent: the build context. */
  readonly from?: string
  readonly sources: readonly string[]
  readonly target: string
}

export function stagesOf(text: string): readonly Stage[] {
  const stages: { name: string; from: string; instructions: Instruction[] }[] = []
  for (const instruction of instructionsOf(text)) {
    if (instruction.name !== 'FROM') {
      stages.at(-1)?.instructions.push(instruction)
      continue
    }
    const [, from = '', name = ''] = /^(\S+)(?:\s+AS\s+(\S+))?$/i.exec(instruction.rest) ?? []
    stages.push({ name, from, instructions: [] })
  }
  return stages
}

function instructionsOf(text: string): readonly Instruction[] {
  const found: Instruction[] = []
  let open: { text: string; line: number } | undefined
  for (const [at, raw] of text.split('\n').entries()) {
    if (/^\s*#/.test(raw) || (open === undefined && raw.trim() === '')) continue
    const line: { text: string; line: number } = open ?? { text: '', line: at + 1 }
    line.text += raw.replace(/\\$/, ' ')
    open = raw.endsWith('\\') ? line : undefined
    if (open !== undefined) continue
    const [, name = '', rest = ''] = /^\s*(\S+)\s+(.*)$/.exec(line.text) ?? []
    found.push({ name: name.toUpperCase(), rest: rest.trim(), line: line.line })
  }
  return found
}

export function copiesOf({ instructions }: Stage): readonly Copy[] {
  return instructions
    .filter(({ name }) => name === 'COPY')
    .map(({ rest }) => {
      const words = rest.split(/\s+/)
      const from = words.find((word) => word.startsWith('--from='))?.slice('--from='.length)
      const paths = words.filter((word) => !word.startsWith('--'))
      const plain = { sources: paths.slice(0, -1), target: paths.at(-1) ?? '' }
      return from === undefined ? plain : { from, ...plain }
    })
}

/** The command of an instruction in exec form; undefined where it is a line for a shell. */
export function execForm(rest: string): readonly string[] | undefined {
  if (!rest.startsWith('[')) return undefined
  const words: unknown = JSON.parse(rest)
  return Array.isArray(words) ? words.map(String) : undefined
}

/** Whether a file does not get into the build context: the last line that fits it, or a folder that it is in, decides. */
export function ignoredByDocker(text: string): (path: string) => boolean {
  const lines = text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => ({ keeps: line.startsWith('!'), pattern: expressionOf(line.replace(/^!/, '')) }))
  return (path) => {
    const parts = path.split('/')
    const prefixes = parts.map((_, at) => parts.slice(0, at + 1).join('/'))
    const fits = (pattern: RegExp) => prefixes.some((prefix) => pattern.test(prefix))
    return lines.reduce((ignored, { keeps, pattern }) => (fits(pattern) ? !keeps : ignored), false)
  }
}

/** `*` is anything within a name, names that begin with a dot too; `**` is any folders, or none. */
function expressionOf(pattern: string): RegExp {
  const parts = pattern
    .replaceAll(/[.+^${}()|[\]\\]/g, '\\$&')
    .split('**/')
    .map((part) => part.replaceAll('*', '[^/]*'))
  return new RegExp(`^${parts.join('(?:.*/)?')}$`)
}
