/** `madang doctor`: looks at settings, machine, store, broker and proxy, and says what to do about what it finds. Changes nothing. */
import { type Command, EXITS, Failure, textOf } from '../command.ts'
import type { Finding } from '../doctor/finding.ts'
import { wrap } from '../help.ts'

const connectionsUsual = 10_000
export const doctor: Command = {
  name: 'doctor',
  summary:
    'Looks at settings, machine, store, broker and proxy, and says what to do about what it finds.',
  usage: '[--nginx <file>] [--connections <number>] [--json]',
  details: [
    'It changes nothing. An error keeps the server from starting, loses something, or keeps people out; a warning will hurt one day.',
    `Exit code ${EXITS.findings.code}: there is an error; with --strict also where there are warnings alone.`,
  ],
  flags: {
    nginx: {
      type: 'string',
      value: 'file',
      about: 'The configuration of the nginx in front, held against the server’s times and needs.',
    },
    connections: {
      type: 'string',
      value: 'number',
      about: `Connections that one node is to hold; ${connectionsUsual} unless given.`,
    },
    strict: { type: 'boolean', about: 'Warnings count as errors for the exit code.' },
    json: { type: 'boolean', about: 'Prints JSON: a list of severity, code, text and remedy.' },
  },
  words: { min: 0, max: 0 },
  async run(given, around) {
    const connections = Number(textOf(given, 'connections') ?? connectionsUsual)
    if (!Number.isInteger(connections) || connections < 1) {
      throw new Failure('--connections is a whole number from 1.', 'usage')
    }
    // Not before it is needed: whoever asks for help is answered at once.
    const { findingsOf } = await import('../doctor/examination.ts')
    const findings = await findingsOf(around, { connections, nginx: textOf(given, 'nginx') })
    around.out(given.flags.json === true ? `${JSON.stringify(findings)}\n` : textOfAll(findings))
    const isBad = ({ severity }: Finding) => severity === 'error' || given.flags.strict === true
    return findings.some(isBad) ? EXITS.findings.code : EXITS.done.code
  },
}

function textOfAll(findings: readonly Finding[]): string {
  if (findings.length === 0) return 'Nothing to do.\n'
  const errors = findings.filter(({ severity }) => severity === 'error').length
  const lines = findings.flatMap(({ severity, code, text, remedy }) => [
    `${severity === 'error' ? 'ERROR  ' : 'WARNING'} ${code}`,
    ...wrap(text, '        '),
    ...wrap(`→ ${remedy}`, '        '),
    '',
  ])
  const count = `${errors} ${errors === 1 ? 'error' : 'errors'}, ${findings.length - errors} ${findings.length - errors === 1 ? 'warning' : 'warnings'}.`
  return `${[...lines, count].join('\n')}\n`
}
