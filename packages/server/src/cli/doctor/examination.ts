/** Looks at everything at once, and brings together what was found. */
import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { systemClock } from '../../clock.ts'
import type { Environment } from '../../config/sources.ts'
import { type Config, readConfig } from '../../config.ts'
import { Failure, type Surroundings } from '../command.ts'
import { brokerFindings } from './broker.ts'
import type { Finding } from './finding.ts'
import { machineFindings } from './machine.ts'
import { nginxFindings } from './nginx.ts'
import { refusedFindings, settingFindings, withoutRefused } from './settings.ts'
import { storeFindings } from './store.ts'

/** Settings that are refused one after the other. */
const readingsMax = 20

export interface Asked {
  /** Connections that one node is to hold. */
  readonly connections: number
  /** The file of the nginx in front. */
  readonly nginx: string | undefined
}

/** Errors first. Rejects with `Failure` where nothing can be looked at. */
export async function findingsOf(
  around: Surroundings,
  { connections, nginx }: Asked,
): Promise<Finding[]> {
  const { config, problems } = readable(around)
  const parts = await Promise.all([
    refusedFindings(problems),
    settingFindings(config),
    proxyFindings(nginx, config, around),
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
