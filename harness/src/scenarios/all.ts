// Every scenario, in the order in which they are played.
import { asleep } from './asleep.ts'
import { brokerAway } from './broker-away.ts'
import { clock } from './clock.ts'
import { crash } from './crash.ts'
import { deaf } from './deaf.ts'
import { descriptors } from './descriptors.ts'
import { fleet } from './fleet.ts'
import { front } from './front.ts'
import { frozen } from './frozen.ts'
import { hosts } from './hosts.ts'
import { kicked } from './kicked.ts'
import { killed } from './killed.ts'
import { natsFaults } from './nats.ts'
import { postgresFaults } from './postgres.ts'
import { redisFaults } from './redis.ts'
import { redisClusterFaults } from './redis-cluster.ts'
import { rolling } from './rolling.ts'
import type { Scenario } from './scenario.ts'
import { sqliteFaults } from './sqlite.ts'
import { storm } from './storm.ts'
import { twins } from './twins.ts'
import { unruly } from './unruly.ts'
import { versions } from './versions.ts'
import { weather } from './weather.ts'

export const SCENARIOS: readonly Scenario[] = [
  ...rolling,
  ...killed,
  ...fleet,
  ...crash,
  ...frozen,
  ...kicked,
  ...twins,
  ...storm,
  ...weather,
  ...hosts,
  ...deaf,
  ...asleep,
  ...front,
  ...clock,
  ...descriptors,
  ...versions,
  ...brokerAway,
  ...postgresFaults,
  ...redisFaults,
  ...redisClusterFaults,
  ...natsFaults,
  ...sqliteFaults,
  ...unruly,
]
