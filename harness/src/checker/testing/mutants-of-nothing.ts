/** Histories in which nothing is wrong and nothing is proved. */
import { firstOf, type Mutant } from './mutate.ts'

export const VACUITY: readonly Mutant[] = [
  {
    name: 'a fault did nothing',
    breaks: 'unknown',
    mutate: (records) =>
      records.map((record) => (record.kind === 'fault' ? { ...record, acted: false } : record)),
  },
  {
    name: 'there was no fault',
    breaks: 'unknown',
    mutate: (records) => records.filter(({ kind }) => kind !== 'fault'),
  },
  {
    name: 'nothing happened',
    breaks: 'unknown',
    mutate: (records) => records.filter(({ kind }) => kind === 'fault' || kind === 'run'),
  },
  {
    name: 'nobody was removed',
    breaks: 'unknown',
    mutate: (records) =>
      records.filter(
        (record) =>
          !('channel' in record && record.channel !== firstOf(records)) &&
          !(record.kind === 'truth' && (record.event === 'left' || record.event === 'kicked')),
      ),
  },
  {
    name: 'nobody looked at the gauges',
    breaks: 'unknown',
    mutate: (records) => records.filter(({ kind }) => kind !== 'gauge'),
  },
]
