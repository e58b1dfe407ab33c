/** The command line as its user runs it: the real file, in a process of its own. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { tmpdir } from 'node:os'
import { fileURLToPath } from 'node:url'

export interface CliRun {
  readonly code: number | null
  readonly out: string
  readonly err: string
}

export interface CliOptions {
  readonly env?: Readonly<Record<string, string>>
  /** Away from anybody's `.env` unless given. */
  readonly cwd?: string
}

const MAIN = fileURLToPath(new URL('../cli/main.ts', import.meta.url))

/** Runs it to its end. */
export async function runCli(args: readonly string[], options: CliOptions = {}): Promise<CliRun> {
  const { child, said } = startCli(args, options)
  const [code]: (number | null)[] = await once(child, 'close')
  return { code: code ?? null, ...said }
}

export function startCli(
  args: readonly string[],
  { env, cwd = tmpdir() }: CliOptions = {},
): { readonly child: ChildProcess; readonly said: { out: string; err: string } } {
  const child = spawn(process.execPath, [MAIN, ...args], {
    cwd,
    env: { PATH: process.env.PATH, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const said = { out: '', err: '' }
  child.stdout.setEncoding('utf8').on('data', (piece: string) => {
    said.out += piece
  })
  child.stderr.setEncoding('utf8').on('data', (piece: string) => {
    said.err += piece
  })
  return { child, said }
}
