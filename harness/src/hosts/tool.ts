/** Runs the tools of the kernel's networks, and waits for them: each takes some milliseconds. */
import { spawnSync } from 'node:child_process'
import { locate } from '../../../tests/services/locate.ts'
import type { Found } from '../../../tests/services/part.ts'
import type { Batch } from './commands.ts'

export type ToolName = 'ip' | 'tc' | 'nft'

export function findTool(name: ToolName): Found | undefined {
  return locate({ variable: `${name.toUpperCase()}_BIN`, names: [name] })
}

/** Resolves to what it wrote. Throws with its own words where it does not succeed. */
export function run(name: ToolName, args: readonly string[], input = ''): string {
  const tool = findTool(name)
  if (tool === undefined) throw new Error(`there is no ${name}`)
  const { status, stdout, stderr, error } = spawnSync(tool.path, args, { encoding: 'utf8', input })
  if (status === 0) return stdout
  const words = (error?.message ?? stderr).trim().split('\n')[0]
  throw new Error(`${name} ${args.join(' ')}: ${words}`)
}

/** `isForced`: a line that fails does not keep the next from being tried, and nothing is thrown. */
export function runBatch({ inside, lines }: Batch, isForced = false): void {
  const where = inside === undefined ? [] : ['-netns', inside]
  const args = [...where, ...(isForced ? ['-force'] : []), '-batch', '-']
  try {
    run('ip', args, `${lines.join('\n')}\n`)
  } catch (error) {
    if (!isForced) throw error
  }
}
