// Runs child processes as named steps with their times.
import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

export const ROOT = fileURLToPath(new URL('..', import.meta.url))

export interface Step {
  readonly name: string
  /** The arguments of the Node that runs this, in the root: a script and its own. */
  readonly command: readonly string[]
  /** Output that makes a failure none. */
  readonly isFine?: (output: string) => boolean
}

export interface Outcome {
  readonly name: string
  readonly ok: boolean
  readonly tookMs: number
  readonly output: string
}

/** One line for a person, on stdout. */
export function say(line: string): void {
  process.stdout.write(`${line}\n`)
}

/** Never rejects: a command that cannot be started is a step that failed. */
export async function runStep(step: Step): Promise<Outcome> {
  const startedMs = performance.now()
  const { code, output } = await run(step.command)
  const ok = code === 0 || (step.isFine?.(output) ?? false)
  return { name: step.name, ok, tookMs: performance.now() - startedMs, output }
}

export function lineOf({ name, ok, tookMs }: Outcome): string {
  return `${ok ? '✔' : '✖'} ${name} (${(tookMs / 1_000).toFixed(1)} s)`
}

function run(command: readonly string[]): Promise<{ code: number | null; output: string }> {
  const isColourful = process.stdout.isTTY && !process.env.NO_COLOR
  return new Promise((resolve) => {
    const child = spawn(process.execPath, command, {
      cwd: ROOT,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, ...(isColourful ? { FORCE_COLOR: '1' } : {}) },
    })
    const chunks: Buffer[] = []
    child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk))
    child.stderr.on('data', (chunk: Buffer) => chunks.push(chunk))
    child.on('error', (error) => resolve({ code: 1, output: error.message }))
    child.on('close', (code) => resolve({ code, output: Buffer.concat(chunks).toString() }))
  })
}
