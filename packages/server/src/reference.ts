/** What docs/reference is made from: the tables of settings, exit codes, metrics and the store API. */
export { EXIT_CODES, fallbackText } from './config/help.ts'
export { factsOf, flagOf, settingNames } from './config/settings.ts'
export { METRICS, type MetricRow } from './ops/metric-table.ts'
export { pathOf, STORE_API_LIMITS, STORE_API_VERSION } from './store/remote/contract.ts'
export { METHODS } from './store/remote/methods.ts'
export type { Method } from './store/remote/row.ts'
