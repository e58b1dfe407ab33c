// Every scenario, in the order in which they are played.
import { brokerAway } from './broker-away.ts'
import { fleet } from './fleet.ts'
import { frozen } from './frozen.ts'
import { kicked } from './kicked.ts'
import { killed } from './killed.ts'
import { rolling } from './rolling.ts'
import type { Scenario } from './scenario.ts'
import { storm } from './storm.ts'

export const SCENARIOS: readonly Scenario[] = [
  ...rolling,
  ...killed,
  ...fleet,
  ...frozen,
  ...kicked,
  ...storm,
  ...brokerAway,
]
