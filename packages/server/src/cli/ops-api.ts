/** Asks a running server as an operator, for the commands that look at the whole installation. */
import { type ClusterView, check, ROUTES, type Stats } from '@madang/protocol'
import type { z } from 'zod'
import { systemClock } from '../clock.ts'
import type { Config } from '../config.ts'
import { newSessionToken, sessionIdOf } from '../core/people/session-token.ts'
import { systemRandom } from '../ids.ts'
import { Failure, type Given, type Surroundings, textOf } from './command.ts'
import { configOf, withStore } from './open-store.ts'

/** Long enough for one look; a command that goes on makes another. */
const sessionMs = 600_000
const answerMsMax = 15_000

export interface OpsApi {
  cluster(): Promise<ClusterView>
  stats(query: Readonly<Record<string, string>>): Promise<Stats>
  statsTable(query: Readonly<Record<string, string>>): Promise<string>
  drain(nodeId: string): Promise<void>
  disable(personId: string, disabled: boolean): Promise<void>
}

export async function openOpsApi(given: Given, around: Surroundings): Promise<OpsApi> {
  const config = configOf(around)
  const url = (textOf(given, 'url') ?? `http://127.0.0.1:${config.port}`).replace(/\/$/, '')
  if (URL.parse(url) === null) throw new Failure(`${JSON.stringify(url)} is no URL.`, 'usage')
  const token = around.env.OPERATOR_TOKEN || (await ownSession(config))
  const ask = (method: string, path: string, body?: object) =>
    answerOf(url, token, { method, path, body })
  return {
    cluster: async () => read(ROUTES.getCluster.response, await ask('GET', ROUTES.getCluster.path)),
    stats: async (query) =>
      read(ROUTES.getStats.response, await ask('GET', withQuery(ROUTES.getStats.path, query))),
    statsTable: (query) => ask('GET', withQuery(ROUTES.getStatsTable.path, query)),
    async drain(nodeId) {
      const path = ROUTES.drainNode.path.replace(':nodeId', encodeURIComponent(nodeId))
      await ask('POST', path)
    },
    async disable(personId, disabled) {
      await ask('POST', ROUTES.disablePerson.path.replace(':personId', personId), { disabled })
    },
  }
}

async function ownSession(config: Config): Promise<string> {
  return withStore(config, async (store) => {
    const operators = await store.persons({ operators: true, limit: 1_000 })
    const first = operators.find(({ disabled }) => disabled !== true)
    if (first === undefined) {
      throw new Failure(
        'Nobody is an operator yet: `madang operator add <person>` makes the first.',
      )
    }
    const token = newSessionToken(systemRandom)
    const createdAt = systemClock.now()
    await store.createSession({
      id: sessionIdOf(token),
      personId: first.person.id,
      createdAt,
      expiresAt: createdAt + sessionMs,
    })
    return token
  })
}

interface Asked {
  readonly method: string
  readonly path: string
  readonly body: object | undefined
}

async function answerOf(
  url: string,
  token: string,
  { method, path, body }: Asked,
): Promise<string> {
  const response = await fetch(`${url}${path}`, {
    method,
    headers: {
      authorization: `Bearer ${token}`,
      ...(body && { 'content-type': 'application/json' }),
    },
    ...(body && { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(answerMsMax),
  }).catch((error) => {
    const why = error instanceof Error ? (error.cause ?? error) : error
    const code = why instanceof Error && 'code' in why ? why.code : 'no answer'
    throw new Failure(`No server answers at ${url} (${code}). Name one with --url.`)
  })
  const text = await response.text()
  if (response.ok) return text
  throw new Failure(`${url} refuses: ${reasonIn(text) ?? `status ${response.status}`}`)
}

function reasonIn(text: string): string | undefined {
  try {
    const body: unknown = JSON.parse(text)
    const isBody = typeof body === 'object' && body !== null && 'text' in body && 'code' in body
    return isBody ? `${body.text} (${body.code})` : undefined
  } catch {
    return undefined
  }
}

function read<T>(schema: z.ZodType<T>, text: string): T {
  const answer = check(schema, JSON.parse(text))
  if (answer.success) return answer.data
  throw new Failure('The server answers in a way that this version does not understand.')
}

function withQuery(path: string, query: Readonly<Record<string, string>>): string {
  const search = new URLSearchParams(query).toString()
  return search === '' ? path : `${path}?${search}`
}
