/** `madang start`: becomes the server. */
import type { Command } from '../command.ts'

export const start: Command = {
  name: 'start',
  summary: 'Starts the server in this process, with its own flags and exit codes.',
  usage: '[the flags of the server]',
  details: [],
  flags: {},
  async run({ words }) {
    const main = new URL('../../main.ts', import.meta.url)
    const [node = ''] = process.argv
    process.argv = [node, main.pathname, ...words]
    await import(main.href)
    return Number(process.exitCode ?? 0)
  },
}
