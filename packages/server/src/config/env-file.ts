/** The file `.env`, read without touching the environment: a process that starts others must not hand on what they read for themselves. */
import { readFileSync } from 'node:fs'
import { parseEnv } from 'node:util'
import type { Environment } from './sources.ts'

export type EnvFile =
  | { readonly values: Environment }
  /** One line for the operator: it is there, and cannot be read. */
  | { readonly problem: string }

/** No file is a file with nothing in it. */
export function readEnvFile(path = '.env'): EnvFile {
  try {
    return { values: parseEnv(readFileSync(path, 'utf8')) }
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : error
    if (code === 'ENOENT') return { values: {} }
    return { problem: `The file .env cannot be read (${code}).` }
  }
}
