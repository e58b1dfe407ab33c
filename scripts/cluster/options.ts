// What `npm run cluster` is asked for, read from its arguments. Pure.
import { parseArgs } from 'node:util'

export const BROKERS = ['redis', 'redis-cluster', 'nats', 'none'] as const
export const STORES = ['postgres', 'sqlite'] as const

export type BrokerName = (typeof BROKERS)[number]
export type StoreName = (typeof STORES)[number]

export interface ClusterOptions {
  readonly broker: BrokerName
  readonly store: StoreName
  readonly nodes: number
  /** Of nginx; 0: any free one. */
  readonly port: number
  /** Kept at the end; absent: a temporary folder. */
  readonly data?: string
  /** Build the web app where it is stale. */
  readonly web: boolean
}

export type Reading =
  | { readonly outcome: 'options'; readonly options: ClusterOptions }
  | { readonly outcome: 'help' }
  | { readonly outcome: 'refused'; readonly problem: string }

export const nodesMax = 9
const portMax = 65_535

export const HELP = `npm run cluster -- [options]

Runs several nodes behind nginx on this machine, with the database and the broker that they share, and stays until Ctrl-C.

  --broker NAME   redis, redis-cluster, nats or none (redis)
  --store NAME    postgres, or sqlite: one file that all nodes share (postgres)
  --nodes N       1 to ${nodesMax} (3)
  --port N        where nginx listens on 127.0.0.1; 0: any free port (8080)
  --data FOLDER   keeps the data and the logs there; else they are in a temporary folder that goes at the end
  --no-web        does not build the web app where it is stale
  --help          this text

Settings in the environment reach every node: RATE_SCALE=100 npm run cluster
`

export function readOptions(args: readonly string[]): Reading {
  const given = parsed(args)
  if (typeof given === 'string') return refused(given)
  if (given.help) return { outcome: 'help' }
  const broker = BROKERS.find((one) => one === given.broker)
  if (broker === undefined) return refused(`--broker is one of ${BROKERS.join(', ')}.`)
  const store = STORES.find((one) => one === given.store)
  if (store === undefined) return refused(`--store is one of ${STORES.join(', ')}.`)
  const nodes = wholeNumber(given.nodes, 1, nodesMax)
  if (nodes === undefined) return refused(`--nodes is a whole number from 1 to ${nodesMax}.`)
  const port = wholeNumber(given.port, 0, portMax)
  if (port === undefined) return refused(`--port is a whole number from 0 to ${portMax}.`)
  const data = given.data === undefined ? {} : { data: given.data }
  return {
    outcome: 'options',
    options: { broker, store, nodes, port, web: !given['no-web'], ...data },
  }
}

const refused = (problem: string): Reading => ({ outcome: 'refused', problem })

/** The options as texts, or why they cannot be read. */
function parsed(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        broker: { type: 'string', default: 'redis' },
        store: { type: 'string', default: 'postgres' },
        nodes: { type: 'string', default: '3' },
        port: { type: 'string', default: '8080' },
        data: { type: 'string' },
        'no-web': { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    }).values
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

function wholeNumber(text: string, min: number, max: number): number | undefined {
  const number = Number(text)
  return /^\d{1,5}$/.test(text) && number >= min && number <= max ? number : undefined
}
