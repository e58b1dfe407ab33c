// docs/reference/cli.md: every command of `madang`.
import { COMMANDS, EXITS, helpOf } from '@madang/server/reference'
import { code, page, table } from './markdown.ts'

export function cliPage(): string {
  return page(
    'The command line',
    'packages/server/src/cli/commands.ts',
    '`npm run madang -- <command>` in a clone, or `node packages/server/src/cli/main.ts <command>` in the image. Commands read the settings of the server that they are for: the environment, and a file `.env` in the working directory.',
    table(
      ['command', 'what it does'],
      COMMANDS.map(({ name, summary }) => [`[${name}](#${name})`, summary]),
    ),
    '## Exit codes',
    '`start` has [those of the server](config.md#exit-codes).',
    table(
      ['code', 'when'],
      Object.values(EXITS).map((exit) => [code(String(exit.code)), exit.when]),
    ),
    ...COMMANDS.flatMap((command) => [
      `## ${command.name}`,
      `\`\`\`text\n${helpOf(command).trimEnd()}\n\`\`\``,
    ]),
  )
}
