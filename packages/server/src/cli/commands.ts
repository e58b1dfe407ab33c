/** The table of commands, in the order of the help. */
import type { Command } from './command.ts'
import { doctor } from './commands/doctor.ts'
import { drain } from './commands/drain.ts'
import { migrate } from './commands/migrate.ts'
import { operator } from './commands/operator.ts'
import { start } from './commands/start.ts'
import { stats } from './commands/stats.ts'
import { token } from './commands/token.ts'
import { top } from './commands/top.ts'
import { user } from './commands/user.ts'

export const COMMANDS: readonly Command[] = [
  start,
  doctor,
  migrate,
  operator,
  user,
  token,
  top,
  stats,
  drain,
]
