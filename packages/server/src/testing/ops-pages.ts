/** What a server says of itself: its readiness and its metrics. */
import { setTimeout as sleep } from 'node:timers/promises'
import { ask } from './http.ts'

export interface Readiness {
  readonly http: number
  readonly status: string
  readonly broker: string
}

export async function readinessOf(url: string): Promise<Readiness> {
  const answer = await ask(`${url}/health/readiness`)
  const { status, parts } = JSON.parse(answer.body)
  return { http: answer.status, status, broker: parts.broker }
}

/** Resolves once readiness has this status; the tests' own time limit ends a wait that is in vain. */
export async function untilReadiness(url: string, status: string): Promise<Readiness> {
  for (;;) {
    const readiness = await readinessOf(url)
    if (readiness.status === status) return readiness
    await sleep(50)
  }
}

/** The value of a metric's sample, as it is written there: `name` or `name{label="x"}`; 0 where there is none. */
export async function metricOf(url: string, sample: string): Promise<number> {
  const { body } = await ask(`${url}/metrics`)
  const line = body.split('\n').find((each) => each.startsWith(`${sample} `))
  return Number(line?.slice(sample.length + 1) ?? 0)
}
