// The pages of docs/reference, each made from one table of the code.
import { cliPage } from './cli.ts'
import { configPage } from './config.ts'
import { errorsPage } from './errors.ts'
import { limitsPage } from './limits.ts'
import { metricsPage } from './metrics.ts'
import { protocolPage } from './protocol.ts'
import { storeApiPage } from './store-api.ts'

export interface ReferencePage {
  readonly name: string
  write(): string
}

export const PAGES: readonly ReferencePage[] = [
  { name: 'protocol.md', write: protocolPage },
  { name: 'errors.md', write: errorsPage },
  { name: 'limits.md', write: limitsPage },
  { name: 'config.md', write: configPage },
  { name: 'cli.md', write: cliPage },
  { name: 'metrics.md', write: metricsPage },
  { name: 'store-api.md', write: storeApiPage },
]
