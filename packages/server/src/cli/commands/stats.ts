/** `madang stats`: what happened, by hour. */
import type { Stats } from '@madang/protocol'
import { systemClock } from '../../clock.ts'
import { type Command, EXITS, Failure, type Given, textOf } from '../command.ts'
import { durationOf } from '../durations.ts'
import { openApi, opsDetail, opsFlags } from '../ops-flags.ts'
import { table } from '../table.ts'

export const stats: Command = {
  name: 'stats',
  summary:
    'Prints what happened: messages by hour and kind of channel, events, CPU and event loop.',
  usage: '[--since <time>] [--csv | --json]',
  details: ['30 days are kept.', opsDetail],
  flags: {
    since: { type: 'string', value: 'time', about: 'How far back: 6h, 7d; 24h unless given.' },
    csv: { type: 'boolean', about: 'Prints lines of at, node, name and value.' },
    json: { type: 'boolean', about: 'Prints JSON.' },
    ...opsFlags,
  },
  words: { min: 0, max: 0 },
  async run(given, around) {
    if (given.flags.csv && given.flags.json) throw new Failure('Say --csv or --json.', 'usage')
    const query = rangeOf(given)
    const api = await openApi(given, around)
    if (given.flags.csv) around.out(await api.statsTable(query))
    else {
      const found = await api.stats(query)
      around.out(given.flags.json ? `${JSON.stringify(found)}\n` : hoursTable(found))
    }
    return EXITS.done.code
  },
}

function rangeOf(given: Given): Record<string, string> {
  const to = systemClock.now() + 1
  return { from: String(to - durationOf(textOf(given, 'since') ?? '24h')), to: String(to) }
}

function hoursTable({ hours, samples }: Stats): string {
  const cpuOf = (at: number) => {
    const of = samples.filter((sample) => sample.at >= at && sample.at < at + 3_600_000)
    const sum = of.reduce((total, { cpu }) => total + cpu, 0)
    return of.length === 0 ? '-' : (sum / of.length).toFixed(2)
  }
  return table(
    ['HOUR (UTC)', 'TEXT', 'LIVE', 'DIRECT', 'EVENTS', 'CPU'],
    hours.map(({ at, messages, events }) => [
      new Date(at).toISOString().slice(0, 13).replace('T', ' '),
      ...[messages.text, messages.live, messages.direct].map((count) => String(count ?? 0)),
      String(Object.values(events).reduce((sum, count) => sum + count, 0)),
      cpuOf(at),
    ]),
  )
}
