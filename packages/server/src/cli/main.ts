#!/usr/bin/env node
/** The command `madang`: its process. */
import { readFileSync } from 'node:fs'
import { readEnvFile } from '../config/env-file.ts'
import { runLine } from './run.ts'

await main()

async function main(): Promise<void> {
  const { version } = JSON.parse(
    readFileSync(new URL('../../package.json', import.meta.url), 'utf8'),
  )
  const file = readEnvFile()
  const enough = new AbortController()
  const args = process.argv.slice(2)
  const err = (line: string) => void process.stderr.write(`madang: ${line}\n`)
  if ('problem' in file) err(file.problem)
  // The server obeys its own signals.
  if (args[0] !== 'start') {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      process.once(signal, () => enough.abort())
    }
  }
  // Whoever reads along has gone, as `head` does.
  process.stdout.on('error', () => enough.abort())
  process.exitCode = await runLine(args, {
    env: { ...('values' in file && file.values), ...process.env },
    cwd: process.cwd(),
    version: String(version),
    isTerminal: process.stdout.isTTY === true,
    out: (text) => void process.stdout.write(text),
    err,
    signal: enough.signal,
  })
}
