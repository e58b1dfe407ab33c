/** The text of `--help`, made from the table of settings. */
import { factsOf, fallbackOf, flagOf, settingNames } from './settings.ts'

const columns = 100

/** Exit codes, as the operator's manual has them. 78 is EX_CONFIG of BSD's sysexits.h. */
export const EXIT_CODES = [
  { code: 0, when: 'it was told to stop, and stopped cleanly' },
  {
    code: 1,
    when: 'it could not start (port in use, data folder not writable), or a fault stopped it',
  },
  { code: 78, when: 'a setting is wrong' },
  { code: 130, when: 'a second SIGINT ended it at once' },
  { code: 143, when: 'a second SIGTERM ended it at once' },
] as const

export function helpText(): string {
  return [
    'Madang, a chat server on Socket.IO.',
    '',
    'Usage: npm start -- [flags]',
    '',
    'Every setting is an environment variable; a flag of the same name comes before it, and a file',
    'named .env in the working directory comes after it. An empty value counts as none.',
    'NODE_ENV=production makes the defaults strict.',
    '',
    'Settings:',
    ...settingNames.map(settingText),
    '',
    '  --help, -h       prints this',
    '  --version, -v    prints the version',
    '',
    'Exit codes:',
    ...EXIT_CODES.map(({ code, when }) => `  ${String(code).padEnd(4)} ${when}`),
    '',
  ].join('\n')
}

function settingText(name: (typeof settingNames)[number]): string {
  const { about, expects, unit } = factsOf(name)
  const flag = flagOf(name)
  const title = flag === undefined ? `  ${name}` : `  ${name}, --${flag}`
  const measure = unit === undefined ? '' : ` Unit: ${unit}.`
  return [title, ...wrap(`${about} Expects ${expects}.${measure} ${fallbackText(name)}`)].join('\n')
}

export function fallbackText(name: (typeof settingNames)[number]): string {
  const usual = fallbackOf(name, false)
  const production = fallbackOf(name, true)
  if (usual === undefined) return 'Default: none.'
  return usual === production
    ? `Default: ${usual}.`
    : `Default: ${usual}; in production ${production}.`
}

function wrap(text: string): string[] {
  const indent = '      '
  const lines: string[] = []
  let line = indent.slice(1)
  for (const word of text.split(' ')) {
    if (line.length + 1 + word.length > columns) {
      lines.push(line)
      line = indent.slice(1)
    }
    line += ` ${word}`
  }
  return [...lines, line]
}
