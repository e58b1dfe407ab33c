// The rule that nothing committed speaks of one machine, one registry or one ticket.
import { scan } from './scan.ts'
import { isScript, lineAt, type Problem, type SourceFile } from './tree.ts'

interface Trace {
  readonly what: RegExp
  readonly instead: string
}

/** Folders that exist on somebody's machine only; system folders that every machine has are fine. */
const MACHINE: Trace = {
  what: /(?<![\w.$}>])\/(?:work|home\/[a-z]|Users\/[A-Za-z]|root\/|mnt\/|workspace)[\w./-]*/g,
  instead: 'a path of one machine: make it relative, or ask the environment.',
}

const REGISTRY: Trace = {
  what: /"resolved": "https?:\/\/(?!registry\.npmjs\.org\/)[^"]+"|^(?:@[\w-]+:)?registry\s*=\s*http\S+|\/\/[\w.-]+\/:_authToken/gm,
  instead: 'a registry of one machine: leave it to the user.',
}

const TICKET: Trace = {
  what: /(?<![\w&/#(])#\d+\b(?!\.)|\b(?:issues?|pull requests?|PR)\s+#?\d+\b|\/(?:issues|pull)\/\d+|\bGH-\d+/gi,
  instead: 'a ticket says nothing in a year: say what the reason is.',
}

/** Whole texts are searched for machines and registries; prose and comments for tickets. */
export function traces(files: readonly SourceFile[]): readonly Problem[] {
  return files.flatMap(({ path, text }) => [
    ...find(path, text, MACHINE),
    ...find(path, text, REGISTRY),
    ...find(path, proseOf(path, text), TICKET),
  ])
}

function proseOf(path: string, text: string): string {
  if (isScript(path)) return scan(text).comments
  return path.endsWith('.md') ? text : ''
}

function find(path: string, text: string, { what, instead }: Trace): readonly Problem[] {
  return [...text.matchAll(what)].map((match) => ({
    path,
    line: lineAt(text, match.index),
    message: `"${match[0]}": ${instead}`,
  }))
}
