/** The operator's pages: /health/liveness, /health/readiness and /metrics. */
import { timingSafeEqual } from 'node:crypto'
import type { Health } from './health.ts'
import type { Metrics } from './metrics.ts'

export interface OpsPage {
  readonly path: string
  answer(headers: { readonly authorization?: string | undefined }): Promise<OpsAnswer>
}

export interface OpsAnswer {
  readonly status: number
  readonly type: string
  readonly body: string
}

export interface OpsParts {
  readonly health: Health
  readonly metrics: Pick<Metrics, 'page'>
  /** What a caller of /metrics must show; absent: nothing. */
  readonly metricsToken?: string | undefined
}

const JSON_TYPE = 'application/json; charset=utf-8'

export function opsPages({ health, metrics, metricsToken }: OpsParts): readonly OpsPage[] {
  return [
    {
      path: '/health/liveness',
      answer: async () => json(200, health.liveness()),
    },
    {
      path: '/health/readiness',
      async answer() {
        const readiness = await health.readiness()
        return json(readiness.status === 'not_ready' ? 503 : 200, readiness)
      },
    },
    {
      path: '/metrics',
      async answer({ authorization }) {
        if (metricsToken !== undefined && !isBearerOf(metricsToken, authorization)) {
          return json(401, { status: 'The metrics token is needed.' })
        }
        const { type, body } = await metrics.page()
        return { status: 200, type, body }
      },
    },
  ]
}

function json(status: number, value: object): OpsAnswer {
  return { status, type: JSON_TYPE, body: `${JSON.stringify(value)}\n` }
}

/** In a time that tells nothing of the token but its length. */
function isBearerOf(token: string, header: string | undefined): boolean {
  const shown = Buffer.from(header ?? '')
  const wanted = Buffer.from(`Bearer ${token}`)
  return shown.length === wanted.length && timingSafeEqual(shown, wanted)
}
