// docs/reference/config.md: every setting.
import { EXIT_CODES, factsOf, fallbackText, flagOf, settingNames } from '@madang/server/reference'
import { code, page, table } from './markdown.ts'

export function configPage(): string {
  return page(
    'Configuration',
    'packages/server/src/config/settings.ts',
    'Every setting is an environment variable. A flag of the same name comes before it (`npm start -- --port 4000`), and a file named `.env` in the working directory comes after it. An empty value counts as none. ' +
      '`NODE_ENV=production` makes the defaults strict, and refuses to start with weak secrets. `--help` prints this page, `--version` the version.',
    'A wrong value is a refusal to start: one line on standard error that names the setting, its value (never a secret’s) and what is expected, and exit code 78.',
    table(
      ['setting', 'flag', 'what it decides', 'expects', 'default'],
      settingNames.map((name) => {
        const { about, expects, unit } = factsOf(name)
        const flag = flagOf(name)
        const fallback = fallbackText(name).replace(/^Default: (.*)\.$/, '$1')
        return [
          code(name),
          flag === undefined ? 'a secret: none' : code(`--${flag}`),
          about,
          unit === undefined ? expects : `${expects}; unit: ${unit}`,
          fallback,
        ]
      }),
    ),
    '## Exit codes',
    table(
      ['code', 'when'],
      EXIT_CODES.map(({ code: exit, when }) => [code(String(exit)), when]),
    ),
  )
}
