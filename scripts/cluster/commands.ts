// What people type while the cluster runs.
import type { Member } from './member.ts'

/** Said of one part, by its name. */
const VERBS = ['kill', 'start', 'stop', 'freeze', 'thaw'] as const
export type Verb = (typeof VERBS)[number]

export type Command =
  | { readonly kind: 'status' }
  | { readonly kind: 'quit' }
  | { readonly kind: 'nothing' }
  | { readonly kind: 'part'; readonly verb: Verb; readonly name: string }
  | { readonly kind: 'unknown'; readonly problem: string }

/** Pure. `names`: of all parts; the beginning of a name that several share means all of them: "redis" is "redis-1" to "redis-6". */
export function readCommand(line: string, names: readonly string[]): Command {
  const [word = '', name = '', ...rest] = line.trim().split(/\s+/)
  if (word === '') return { kind: 'nothing' }
  if (word === 'status' || word === 'quit') return { kind: word }
  const verb = VERBS.find((one) => one === word)
  if (verb === undefined || rest.length > 0) {
    return { kind: 'unknown', problem: `status, quit, or ${VERBS.join(', ')} with a name.` }
  }
  if (namesLike(name, names).length > 0) return { kind: 'part', verb, name }
  return { kind: 'unknown', problem: `"${name}" is none of ${names.join(', ')}.` }
}

/** The parts that a name means. */
export function namesLike(name: string, names: readonly string[]): readonly string[] {
  if (names.includes(name)) return [name]
  return names.filter((one) => one.replace(/-\d+$/, '') === name)
}

export async function perform(verb: Verb, member: Member): Promise<void> {
  if (verb === 'kill') await member.kill()
  else if (verb === 'start') await member.restart()
  else if (verb === 'stop') await member.stop()
  else if (verb === 'freeze') member.freeze()
  else member.thaw()
}
