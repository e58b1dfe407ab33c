/** The configuration of the server that a command is for. */
import { type Config, readConfig } from '../config.ts'
import { Failure, type Surroundings } from './command.ts'

export function configOf({ env, cwd, version }: Surroundings): Config {
  const reading = readConfig({ argv: [], env, cwd, version })
  if (reading.outcome === 'config') return reading.config
  throw new Failure(reading.outcome === 'refused' ? reading.problems : [], 'misconfigured')
}
