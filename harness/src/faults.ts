/** `npm run faults`: plays fault scenarios and prints a table that a stranger can check. */
import { faultsCommand } from './run/command.ts'

// A story that was interrupted may still wait for something that will not come any more; what was started is stopped by then.
process.exit(await faultsCommand(process.argv.slice(2)))
