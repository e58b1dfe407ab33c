/** `madang doctor`: looks at settings, machine, store, broker and proxy, and says what to do about what it finds. Changes nothing. */
import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { systemClock } from '../../clock.ts'
import type { Environment } from '../../config/sources.ts'
import { type Config, readConfig } from '../../config.ts'
import { type Command, EXITS, Failure, type Given, type Surroundings, textOf } from '../command.ts'
import { brokerFindings } from '../doctor/broker.ts'
import type { Finding } from '../doctor/finding.ts'
import { machineFindings } from '../doctor/machine.ts'
import { nginxFindings } from '../doctor/nginx.ts'
import { refusedFindings, settingFindings, withoutRefused } from '../doctor/settings.ts'
import { storeFindings } from '../doctor/store.ts'
import { wrap } from '../help.ts'

const connectionsUsual = 10_000
/** Settings that are refused one after the other. */
const readingsMax = 20

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
    const findings = await findingsOf(given, around, connections)
    around.out(given.flags.json === true ? `${JSON.stringify(findings)}\n` : textOfAll(findings))
    const isBad = ({ severity }: Finding) => severity === 'error' || given.flags.strict === true
    return findings.some(isBad) ? EXITS.findings.code : EXITS.done.code
  },
}

async function findingsOf(
  given: Given,
  around: Surroundings,
  connections: number,
): Promise<Finding[]> {
  const { config, problems } = readable(around)
  const parts = await Promise.all([
    refusedFindings(problems),
    settingFindings(config),
    proxyFindings(textOf(given, 'nginx'), config, around),
    machineFindings(config, connections),
    storeFindings(config, () => systemClock.now()),
    brokerFindings(config),
  ])
  const order = { error: 0, warning: 1 }
  return parts.flat().toSorted((a, b) => order[a.severity] - order[b.severity])
}

/** The settings as they are or, where some are refused, what is left without these: one wrong value hides no other finding. */
function readable({ env, cwd, version }: Surroundings): {
  readonly config: Config
  readonly problems: readonly string[]
} {
  const problems: string[] = []
  let rest: Environment = env
  for (let reading = 0; reading < readingsMax; reading += 1) {
    const read = readConfig({ argv: [], env: rest, cwd, version })
    if (read.outcome === 'config') return { config: read.config, problems }
    if (read.outcome === 'print') break
    problems.push(...read.problems)
    const before = Object.keys(rest).length
    rest = withoutRefused(rest, read.problems)
    if (Object.keys(rest).length === before) break
  }
  throw new Failure(problems, 'misconfigured')
}

async function proxyFindings(
  file: string | undefined,
  { trustedProxies }: Config,
  { cwd }: Surroundings,
): Promise<Finding[]> {
  if (file === undefined) return []
  const text = await readFile(resolve(cwd, file), 'utf8').catch(() => {
    throw new Failure(`${file} cannot be read.`)
  })
  return nginxFindings(text, { trustedProxies })
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
