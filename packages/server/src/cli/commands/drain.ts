/** `madang drain`: moves everybody from one node to the others, and ends it. */
import { setTimeout as wait } from 'node:timers/promises'
import { type Command, EXITS, Failure, type Surroundings, textOf } from '../command.ts'
import type { OpsApi } from '../ops-api.ts'
import { openApi, opsDetail, opsFlags } from '../ops-flags.ts'
import { stateOf } from './top.ts'

const everyMs = 500
/** A node is gone within 30 s of the order. */
const goneMsMax = 45_000

export const drain: Command = {
  name: 'drain',
  summary:
    'Moves everybody from a node to the others and ends it, as SIGTERM does, and shows how far it is.',
  usage: '<node> | --pid <number>',
  details: [
    'By its id, as `madang top` shows it, wherever the node runs; or by the number of a process of this host. Whoever supervises the process starts it again, if that is what it does.',
    opsDetail,
  ],
  flags: {
    pid: { type: 'string', value: 'number', about: 'A process of this host, in place of a node.' },
    ...opsFlags,
  },
  words: { min: 0, max: 1 },
  async run(given, around) {
    const [node] = given.words
    const pid = textOf(given, 'pid')
    if ((node === undefined) === (pid === undefined)) {
      throw new Failure('Say either a node or --pid. See madang drain --help.', 'usage')
    }
    if (pid !== undefined) await drainProcess(pid, around)
    else await drainNode(node ?? '', await openApi(given, around), around)
    return EXITS.done.code
  },
}

async function drainNode(id: string, api: OpsApi, around: Surroundings): Promise<void> {
  const before = (await api.cluster()).nodes.find((node) => node.id === id)
  if (before === undefined) {
    const known = (await api.cluster()).nodes.map((node) => node.id).join(', ')
    throw new Failure(`There is no node ${JSON.stringify(id)}; there are ${known}.`)
  }
  await api.drain(id)
  const untilMs = performance.now() + goneMsMax
  while (performance.now() < untilMs && !around.signal.aborted) {
    // The server that is asked may be the one that goes.
    const view = await api.cluster().catch(() => undefined)
    const now = view?.nodes.find((node) => node.id === id)
    if (now === undefined || now.uptimeMs < before.uptimeMs) {
      around.out(`${id}: gone\n`)
      return
    }
    const left = now.drain?.left ?? now.connections.websocket + now.connections.polling
    around.out(`${id}: ${stateOf(now)}, ${left} connections left\n`)
    await wait(everyMs, undefined, { signal: around.signal }).catch(() => {})
  }
  throw new Failure(`${id} is still there. Its log says what it waits for.`)
}

async function drainProcess(text: string, around: Surroundings): Promise<void> {
  const pid = Number(text)
  if (!Number.isInteger(pid) || pid < 2) throw new Failure(`${text} is no process.`, 'usage')
  if (!signal(pid, 'SIGTERM')) throw new Failure(`There is no process ${pid} of ours to tell.`)
  const beganAt = performance.now()
  while (performance.now() - beganAt < goneMsMax && !around.signal.aborted) {
    if (!signal(pid, 0)) {
      around.out(`${pid}: gone\n`)
      return
    }
    const seconds = ((performance.now() - beganAt) / 1_000).toFixed(1)
    around.out(`${pid}: draining for ${seconds} s\n`)
    await wait(everyMs, undefined, { signal: around.signal }).catch(() => {})
  }
  throw new Failure(`${pid} is still there. Its log says what it waits for.`)
}

/** Whether the process is there. 0 asks without telling it anything. */
function signal(pid: number, what: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(pid, what)
  } catch {
    return false
  }
}
