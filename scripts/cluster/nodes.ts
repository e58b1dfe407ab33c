// The nodes of the cluster, and what they say of themselves.
import { join } from 'node:path'
import { freePort } from '../../tests/services/server-process.ts'
import { ROOT } from '../steps.ts'
import type { Member } from './member.ts'
import type { Place } from './place.ts'

const MAIN = join(ROOT, 'packages/server/src/main.ts')
/** A drain, and the end of all that runs in a node: longer than the server gives itself. */
const stopMsMax = 31_000
/** People at a cluster for trying wait for its end. */
const DRAIN_SECONDS = '2'
const askMsMax = 2_000

/** What would make a node another one than was asked for, were it in the environment. */
const OWN_SETTINGS = {
  REDIS_URL: undefined,
  NATS_URL: undefined,
  DATABASE_URL: undefined,
  WORKERS: undefined,
  ROLES: undefined,
  API_URL: undefined,
}

export async function newNode(
  at: number,
  place: Place,
  env: Readonly<Record<string, string>>,
): Promise<Member> {
  const name = `node-${at}`
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  return place.member({
    ...{ name, what: 'Madang', binary: process.execPath, args: [MAIN], port, url, stopMsMax },
    env: {
      ...{ LOG_FORMAT: 'json', DRAIN_SECONDS, DATA_DIR: place.folderOf(name) },
      ...OWN_SETTINGS,
      ...env,
      ...{ NODE_ID: name, HOST: '127.0.0.1', PORT: String(port), TRUST_PROXY: '1' },
    },
    isReady: async () => (await ask(`${url}/health/readiness`)).ok,
  })
}

/** How many people's connections a node has; undefined where it does not say. */
export async function socketsOf({ url, state }: Member): Promise<number | undefined> {
  if (state !== 'running') return undefined
  try {
    const page = await (await ask(`${url}/metrics`)).text()
    const values = [...page.matchAll(/^madang_sockets\{[^}]*\} (\d+)/gm)]
    return values.reduce((sum, [, value]) => sum + Number(value), 0)
  } catch {
    return undefined
  }
}

const ask = (url: string) => fetch(url, { signal: AbortSignal.timeout(askMsMax) })
