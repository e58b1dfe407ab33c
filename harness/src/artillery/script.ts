/** A load scenario in Artillery's YAML, as much of it as ours need: phases of arrivals, and what each visitor emits and waits. What is not understood is refused by name. Pure. */
import { UP } from '@madang/protocol'
import { parse } from 'yaml'

export interface Phase {
  readonly name: string
  readonly seconds: number
  /** Visitors who come in a second, evenly. */
  readonly arrivalsPerSecond: number
}

export type Step =
  | { readonly kind: 'emit'; readonly event: string; readonly args: readonly unknown[] }
  | { readonly kind: 'think'; readonly ms: number }

export type Transport = 'polling' | 'websocket'

export interface Script {
  readonly target: string
  /** Undefined: Socket.IO's own, polling and then the upgrade. */
  readonly transports: readonly Transport[] | undefined
  readonly phases: readonly Phase[]
  readonly scenarios: readonly { readonly name: string; readonly steps: readonly Step[] }[]
}

/** Of the dialect of rooms, and our own. */
const EVENTS: ReadonlySet<string> = new Set(['joinRoom', 'sendMessage', ...Object.keys(UP)])

const TRANSPORTS: readonly Transport[] = ['polling', 'websocket']

export class ScriptError extends Error {
  constructor(place: string, what: string) {
    super(`${place} ${what}`)
    this.name = 'ScriptError'
  }
}

/** Throws `ScriptError`, which names the place. */
export function readScript(yaml: string): Script {
  const root = mapping('the file', parse(yaml), ['config', 'scenarios'])
  const config = mapping('config', root.config, ['target', 'phases', 'socketio'])
  return {
    target: url('config.target', config.target),
    transports: transportsOf(config.socketio),
    phases: list('config.phases', config.phases).map(phaseOf),
    scenarios: list('scenarios', root.scenarios).map(scenarioOf),
  }
}

function phaseOf(value: unknown, at: number): Phase {
  const place = `config.phases[${at}]`
  const { duration, arrivalRate, name } = mapping(place, value, ['duration', 'arrivalRate', 'name'])
  return {
    name: name === undefined ? `phase ${at + 1}` : text(`${place}.name`, name),
    seconds: positive(`${place}.duration`, duration),
    arrivalsPerSecond: positive(`${place}.arrivalRate`, arrivalRate),
  }
}

function transportsOf(value: unknown): readonly Transport[] | undefined {
  if (value === undefined) return undefined
  const { transports } = mapping('config.socketio', value, ['transports'])
  if (transports === undefined) return undefined
  return list('config.socketio.transports', transports).map((each) => {
    const found = TRANSPORTS.find((one) => one === each)
    if (found !== undefined) return found
    throw new ScriptError('config.socketio.transports', `has ${JSON.stringify(each)}`)
  })
}

function scenarioOf(value: unknown, at: number): Script['scenarios'][number] {
  const place = `scenarios[${at}]`
  const { name, engine, flow } = mapping(place, value, ['name', 'engine', 'flow'])
  if (engine !== 'socketio') throw new ScriptError(`${place}.engine`, 'is not "socketio"')
  return {
    name: name === undefined ? `scenario ${at + 1}` : text(`${place}.name`, name),
    steps: list(`${place}.flow`, flow).map((step, index) =>
      stepOf(`${place}.flow[${index}]`, step),
    ),
  }
}

function stepOf(place: string, value: unknown): Step {
  const { emit, think } = mapping(place, value, ['emit', 'think'])
  if ((emit === undefined) === (think === undefined))
    throw new ScriptError(place, 'is neither an emit nor a think')
  if (think !== undefined) return { kind: 'think', ms: positive(`${place}.think`, think) * 1_000 }
  return emitOf(`${place}.emit`, emit)
}

/** Both of Artillery's forms: `{ channel, data }`, and a list of the event and its arguments. */
function emitOf(place: string, value: unknown): Step {
  const isList = Array.isArray(value)
  const [name, ...args] = isList ? value : argumentsOf(mapping(place, value, ['channel', 'data']))
  const event = text(isList ? place : `${place}.channel`, name)
  if (!EVENTS.has(event))
    throw new ScriptError(place, `names "${event}", which no server here knows`)
  return { kind: 'emit', event, args }
}

const argumentsOf = ({ channel, data }: Readonly<Record<string, unknown>>): readonly unknown[] =>
  data === undefined ? [channel] : [channel, data]

function mapping(
  place: string,
  value: unknown,
  keys: readonly string[],
): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new ScriptError(place, 'is no mapping')
  const unknown = Object.keys(value).filter((key) => !keys.includes(key))
  if (unknown.length > 0)
    throw new ScriptError(place, `has ${unknown.join(', ')}, which is not known here`)
  return { ...value }
}

function list(place: string, value: unknown): readonly unknown[] {
  if (!Array.isArray(value) || value.length === 0)
    throw new ScriptError(place, 'is no list, or an empty one')
  return value
}

function positive(place: string, value: unknown): number {
  if (typeof value !== 'number' || !(value > 0))
    throw new ScriptError(place, 'is no number above 0')
  return value
}

function text(place: string, value: unknown): string {
  if (typeof value !== 'string' || value === '') throw new ScriptError(place, 'is no text')
  return value
}

function url(place: string, value: unknown): string {
  const found = URL.parse(text(place, value))
  if (found === null || !/^https?:$/.test(found.protocol))
    throw new ScriptError(place, 'is no http address')
  return found.origin
}

/** For a machine or a test that has less time: no phase is longer, no rate higher, no wait longer. */
export interface Bounds {
  readonly secondsMax: number
  readonly arrivalsPerSecondMax: number
  readonly thinkMsMax: number
}

/** The same events in the same order. */
export function shortened(script: Script, bounds: Bounds): Script {
  return {
    ...script,
    phases: script.phases.map((phase) => ({
      ...phase,
      seconds: Math.min(phase.seconds, bounds.secondsMax),
      arrivalsPerSecond: Math.min(phase.arrivalsPerSecond, bounds.arrivalsPerSecondMax),
    })),
    scenarios: script.scenarios.map(({ name, steps }) => ({
      name,
      steps: steps.map((step) =>
        step.kind === 'think' ? { ...step, ms: Math.min(step.ms, bounds.thinkMsMax) } : step,
      ),
    })),
  }
}
