// Runs the real topology on this machine: nginx, nodes, the store and the broker that they share; each a process of its own, all on loopback.
//
//   npm run cluster                                    three nodes, PostgreSQL, Redis, behind http://localhost:8080
//   npm run cluster -- --broker redis-cluster          six Redis servers
//   npm run cluster -- --broker none --store sqlite    nothing but nginx has to be installed
//   npm run cluster -- --help
import { createInterface } from 'node:readline'
import { perform, readCommand, type Verb } from './cluster/commands.ts'
import { type ClusterOptions, HELP, readOptions } from './cluster/options.ts'
import { findParts } from './cluster/parts.ts'
import { Place } from './cluster/place.ts'
import { hintsOf, tableOf } from './cluster/table.ts'
import { Topology } from './cluster/topology.ts'
import { say } from './steps.ts'
import { ensureWeb } from './web-build.ts'

/** npm repeats to its child what the terminal told the whole group; a person who insists takes longer, in ms. */
const echoMsMax = 500

const reading = readOptions(process.argv.slice(2))
if (reading.outcome === 'help') process.stdout.write(HELP)
else if (reading.outcome === 'refused') refuse([reading.problem])
else await run(reading.options)

function refuse(lines: readonly string[]): void {
  for (const line of lines) process.stderr.write(`madang: ${line}\n`)
  process.exitCode = 1
}

async function run(options: ClusterOptions): Promise<void> {
  const search = await findParts(options)
  if (search.outcome === 'missing') return refuse(search.lines)
  const place = new Place(options.data, (name, how) =>
    say(`${name} ended by itself (${how}): "start ${name}" brings it back.`),
  )
  const topology = new Topology(place)
  const isOver = new Promise<void>((resolve) => obey(topology, place, resolve))
  try {
    if (options.web) ensureWeb(say)
    await topology.start(options, search.binaries, say)
  } catch (error) {
    return giveUp(topology, place, error)
  }
  await show(topology)
  for (const line of hints(topology)) say(line)
  listen(topology)
  await isOver
}

async function giveUp(topology: Topology, place: Place, error: unknown): Promise<void> {
  refuse([error instanceof Error ? error.message : String(error)])
  await topology.stop()
  place.clear()
  process.exit(1)
}

/** The first signal stops everything in order, a second one at once. */
function obey(topology: Topology, place: Place, over: () => void): void {
  let firstMs: number | undefined
  const onSignal = (): void => {
    const nowMs = performance.now()
    if (firstMs !== undefined) {
      if (nowMs - firstMs > echoMsMax) process.exit(130)
      return
    }
    firstMs = nowMs
    void quit(topology, place).then(over)
  }
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, onSignal)
  process.once('exit', () => {
    topology.abandon()
    place.clear()
  })
}

async function quit(topology: Topology, place: Place): Promise<void> {
  say('Draining the nodes and stopping everything (Ctrl-C again: at once) ...')
  await topology.stop()
  place.clear()
  say('Stopped.')
  process.exit(0)
}

async function show(topology: Topology): Promise<void> {
  for (const line of tableOf(await topology.rows())) say(line)
}

function hints(topology: Topology): readonly string[] {
  const { breakable, url } = topology
  return ['', ...(breakable ? hintsOf(url, breakable) : [])]
}

/** Commands come one after the other. An input that ends, or that was never there, changes nothing. */
function listen(topology: Topology): void {
  let last = Promise.resolve()
  createInterface({ input: process.stdin }).on('line', (line) => {
    last = last.then(() => answer(topology, line))
  })
}

async function answer(topology: Topology, line: string): Promise<void> {
  const names = topology.members.map((one) => one.name)
  const command = readCommand(line, names)
  if (command.kind === 'quit') process.kill(process.pid, 'SIGINT')
  else if (command.kind === 'status') await show(topology)
  else if (command.kind === 'unknown') say(command.problem)
  else if (command.kind === 'part') await act(topology, command.verb, command.name)
}

async function act(topology: Topology, verb: Verb, name: string): Promise<void> {
  const members = topology.named(name)
  try {
    await Promise.all(members.map((member) => perform(verb, member)))
    for (const { name, state, pid } of members) say(`${name} is ${state}${pid ? ` (${pid})` : ''}.`)
  } catch (error) {
    say(error instanceof Error ? error.message : String(error))
  }
}
