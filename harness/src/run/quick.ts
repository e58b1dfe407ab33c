/** The quick set's crowds: large enough for everything to be tried, small enough for a machine that does something else besides. */
import type { Scenario } from '../scenarios/scenario.ts'
import { type StageOptions, USUAL } from '../stage/stage.ts'

const CLIENTS_MAX = 6
const SENDS_PER_SECOND_MAX = 40

/** What changes of a scenario's stage. */
export function calm(scenario: Scenario): Partial<StageOptions> {
  const { ours, stock, sendsPerSecond } = { ...USUAL, ...scenario.stage }
  return {
    ours: Math.min(ours, CLIENTS_MAX),
    stock: Math.min(stock, CLIENTS_MAX),
    sendsPerSecond: Math.min(sendsPerSecond, SENDS_PER_SECOND_MAX),
  }
}
