/** What a storm of newcomers does to those who are there: with the node's bound on newcomers, and without. */
import { countRefusals } from '../storm/refusals.ts'
import { runStorm, type StormFigure, type StormOptions } from '../storm/storm.ts'
import { textTable } from '../table.ts'
import type { LoadCommand } from './command.ts'

const COLUMNS = [
  'connects/s',
  'clients',
  'all in s',
  'most in one s',
  'refused unread',
  'refused, told',
  'failed',
  'cpu ms each',
  'calm p99 ms',
  'storm p99 ms',
  'longest ms',
  'lost',
  'thrown out',
]

/** Two processes make no more than some hundreds of connections a second on two cores that they share with the node. */
const WHOLE = { clients: 5_000, survivors: 100, messagesPerSecond: 20, missed: 20, processes: 2 }
const QUICK = { clients: 60, survivors: 5, messagesPerSecond: 10, missed: 3, processes: 1 }

export const storm: LoadCommand = {
  name: 'storm',
  measures: '5,000 clients that come at once, and what that is to those who talk meanwhile',
  async run({ quick, progress }) {
    const rows = []
    let isWhole = true
    for (const connectsPerSecond of quick ? [20] : [100, 400, 0]) {
      const options: StormOptions = {
        ...(quick ? QUICK : WHOLE),
        connectsPerSecond,
        calmMs: quick ? 500 : 5_000,
        patienceMs: 180_000,
      }
      const figure = await runStorm(options)
      progress(
        `${figure.entered} of ${options.clients} are in, at ${connectsPerSecond || 'any'} a second`,
      )
      isWhole &&= figure.entered >= options.clients && figure.missing === 0
      rows.push(rowOf(options, figure))
    }
    const refusals = await countRefusals(quick ? 500 : 5_000)
    const { refused, perSecond, cpuUsEach } = refusals
    const sentAway = textTable(
      ['refused at the door', 'refusals/s', 'cpu µs each'],
      [[refused, perSecond, cpuUsEach]],
    )
    return { text: `${textTable(COLUMNS, rows)}\n\n${sentAway}`, isWhole: isWhole && refused > 0 }
  },
}

function rowOf({ connectsPerSecond, clients }: StormOptions, figure: StormFigure) {
  return [
    connectsPerSecond === 0 ? 'any' : String(connectsPerSecond),
    clients,
    figure.allInMs / 1_000,
    figure.busiestSecond,
    figure.unread,
    figure.told,
    figure.failed,
    figure.cpuMs / clients,
    figure.calm.p99Ms,
    figure.storm.p99Ms,
    figure.storm.longestMs,
    figure.missing,
    figure.losses,
  ]
}
