// Every scenario, in the order in which they are played.
import { brokerAway } from './broker-away.ts'
import { killed } from './killed.ts'
import { natsFaults } from './nats.ts'
import { postgresFaults } from './postgres.ts'
import { redisFaults } from './redis.ts'
import { redisClusterFaults } from './redis-cluster.ts'
import { rolling } from './rolling.ts'
import type { Scenario } from './scenario.ts'
import { sqliteFaults } from './sqlite.ts'
import { unruly } from './unruly.ts'

export const SCENARIOS: readonly Scenario[] = [
  ...rolling,
  ...killed,
  ...brokerAway,
  ...postgresFaults,
  ...redisFaults,
  ...redisClusterFaults,
  ...natsFaults,
  ...sqliteFaults,
  ...unruly,
]
