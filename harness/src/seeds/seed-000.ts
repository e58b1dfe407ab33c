/** A deploy without a gap: three nodes behind nginx, restarted one by one. */

import { nginx } from '../../../tests/services/nginx.ts'
import { redis } from '../../../tests/services/redis.ts'
import { FIGURES, type FigureName } from '../checker/figures.ts'
import { play } from '../run/play.ts'
import { calm } from '../run/quick.ts'
import { SCENARIOS } from '../scenarios/all.ts'
import type { Scenario } from '../scenarios/scenario.ts'
import { type Claim, type Seed, seen } from './claim.ts'
import { roll, socketsAt, threeNodes } from './rolling.ts'
import { Talk } from './talk.ts'

const seed = '000'

const deploy = one('rolling-term-in-place')
const SHOWN: ReadonlySet<FigureName> = new Set([
  'acknowledged',
  'deliveries',
  'unansweredSends',
  'silenceOursP99Ms',
  'silenceStockP99Ms',
  'movesMax',
])

function one(name: string): Scenario {
  const scenario = SCENARIOS.find((each) => each.name === name)
  if (scenario === undefined) throw new Error(`there is no scenario "${name}"`)
  return scenario
}

const needs = [redis, nginx]

const shared: Claim = {
  seed,
  says: 'With several instances, data reaches the clients of every one of them',
  does: 'three nodes behind nginx over one Redis, six stock clients; each talks',
  needs,
  async try(ground) {
    const { nodes, proxy } = await ground.once(threeNodes)
    const talk = await Talk.between(ground, Array<string>(6).fill(proxy.url))
    const sockets = await socketsAt(nodes)
    for (let round = 0; round < ground.size(3, 1); round++) await talk.round(`round ${round}`)
    talk.end()
    return seen(
      `clients at the nodes: ${sockets.join(', ')}; ${talk.said} messages, each at all six, in one order; longest ${talk.takeLongestMs()} ms`,
      { 'all of it': talk.isWhole, 'every node has clients': sockets.every((count) => count > 0) },
    )
  },
}

const nothingLost: Claim = {
  seed,
  says: 'Clients of an instance that is updated come back elsewhere, and nothing is lost',
  does: 'the scenario rolling-term-in-place of `npm run faults`: our clients and stock ones under load; what everybody was told and shown is held against the log',
  needs,
  async try(ground) {
    const { judgement, figures } = await play(deploy, {
      ...{ seed: deploy.seed, folder: ground.folder, keep: false, progress: () => {} },
      stage: ground.isQuick ? calm(deploy) : {},
      command: `npm run faults -- --only ${deploy.name}`,
      signal: new AbortController().signal,
    })
    const { verdict, reasons, figures: measured } = judgement
    const told = figures.flatMap(({ name, value }) =>
      SHOWN.has(name) ? `${FIGURES[name]} ${Math.round(value)}` : [],
    )
    return seen([...told, ...reasons].join('; '), {
      'nothing is lost, twice, out of order or told to the wrong person': verdict === 'true',
      'there was something to lose': measured.acknowledged > 0,
    })
  },
}

/** '2 (503)', or '0'. */
const listed = (statuses: readonly number[]): string =>
  `${statuses.length}${statuses.length > 0 ? ` (${[...new Set(statuses)].join(', ')})` : ''}`

const readiness: Claim = {
  seed,
  says: 'The load balancer sends nobody to the instance that is updated',
  does: 'SIGTERM and a new start, node by node, while stock clients talk: readiness of all three nodes, and a newcomer’s handshake at nginx every 40 ms',
  needs,
  async try(ground) {
    const { readiness, othersReady, newcomers } = await ground.once(roll)
    const told = readiness.map((one) => one.join(' → '))
    return seen(
      `each node: ${[...new Set(told)].join('; ')}; the others ready throughout; ${newcomers.came} newcomers let in, ${listed(newcomers.again)} of them at the second try, ${listed(newcomers.refused)} turned away`,
      {
        // A node that nobody is at is gone at once.
        'not ready before it is gone': readiness.some((one) => one.includes('503 not_ready')),
        'gone before it is ready again': readiness.every((one) => one.includes('gone')),
        'the others are ready': othersReady,
        'newcomers are let in': newcomers.came > 0 && newcomers.refused.length === 0,
      },
    )
  },
}

const backInRooms: Claim = {
  seed,
  says: 'Whoever reconnects is put back into their rooms by the server',
  does: 'SIGTERM and a new start, node by node: stock clients without a line for reconnecting, one joinRoom at the start, then sendMessage and message',
  needs,
  async try(ground) {
    const { plain } = await ground.once(roll)
    const { people, moves, acknowledged, missed, twice, disordered } = plain
    return seen(
      `${people} clients, thrown out ${moves} times in all, ${acknowledged} messages acknowledged: ${missed} missed, ${twice} shown again under the same id, ${disordered} out of order`,
      {
        'they were thrown out': moves > 0,
        'back in the room, with what they missed': missed === 0 && acknowledged > 0,
        'nothing out of order': disordered === 0,
      },
    )
  },
}

export const seed000: Seed = {
  name: seed,
  title: 'a deploy without a gap',
  claims: [shared, nothingLost, backInRooms, readiness],
}
