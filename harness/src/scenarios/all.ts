// Every scenario, in the order in which they are played.
import { brokerAway } from './broker-away.ts'
import { killed } from './killed.ts'
import { postgresFaults } from './postgres.ts'
import { rolling } from './rolling.ts'
import type { Scenario } from './scenario.ts'

export const SCENARIOS: readonly Scenario[] = [
  ...rolling,
  ...killed,
  ...brokerAway,
  ...postgresFaults,
]
