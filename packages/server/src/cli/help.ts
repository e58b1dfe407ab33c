/** The help of `madang`, made from the table of commands. */
import { type Command, EXITS } from './command.ts'

const columns = 96

export function overview(commands: readonly Command[]): string {
  const width = Math.max(...commands.map(({ name }) => name.length))
  return [
    'Madang, a chat server on Socket.IO.',
    '',
    'Usage: madang <command> [arguments]',
    '',
    'Commands:',
    ...commands.map(({ name, summary }) => `  ${name.padEnd(width)}  ${summary}`),
    '',
    ...wrap(
      'Commands read the settings of the server they are for: the environment, and the file .env in the working directory. `madang <command> --help` says more of one.',
      '',
    ),
    '',
    'Exit codes:',
    ...Object.values(EXITS).map(({ code, when }) => `  ${String(code).padEnd(3)} ${when}`),
    '',
  ].join('\n')
}

export function helpOf({ name, usage, summary, details, flags }: Command): string {
  const rows = Object.entries(flags).map(([flag, { value, about }]) => ({
    head: `  --${flag}${value === undefined ? '' : ` <${value}>`}`,
    about,
  }))
  return [
    `Usage: madang ${name}${usage === '' ? '' : ` ${usage}`}`,
    '',
    ...wrap(summary, ''),
    ...details.flatMap((detail) => ['', ...wrap(detail, '')]),
    ...(rows.length === 0 ? [] : ['', 'Flags:']),
    ...rows.flatMap(({ head, about }) => [head, ...wrap(about, '      ')]),
    '',
  ].join('\n')
}

export function wrap(text: string, indent: string): string[] {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ')) {
    if (line !== '' && indent.length + line.length + 1 + word.length > columns) {
      lines.push(indent + line)
      line = ''
    }
    line += line === '' ? word : ` ${word}`
  }
  return [...lines, indent + line]
}
