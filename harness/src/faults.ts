/** `npm run faults`: plays fault scenarios and prints a table that a stranger can check. */
import { faultsCommand } from './run/command.ts'

process.exitCode = await faultsCommand(process.argv.slice(2))
