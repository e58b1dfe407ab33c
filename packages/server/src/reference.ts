/** What docs/reference is made from: the tables of settings, exit codes and metrics. */
export { EXIT_CODES, fallbackText } from './config/help.ts'
export { factsOf, flagOf, settingNames } from './config/settings.ts'
export { METRICS, type MetricRow } from './ops/metric-table.ts'
