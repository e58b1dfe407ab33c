/** The headers that protect a browser, for each part of the site. */

/** What a page may do. `app`: the web app. `docs`: the pages of the API's documentation. `data`: no page at all. */
export type Part = 'app' | 'docs' | 'data'

export function partOf(path: string): Part {
  if (path === '/api/docs' || path.startsWith('/api/docs/')) return 'docs'
  return /^\/(api|health|internal|metrics)(\/|$)/.test(path) ? 'data' : 'app'
}

export interface Surroundings {
  /** The Host header, where it is a host name. */
  readonly host: string | undefined
  /** The caller speaks TLS, with us or with a proxy that we trust. */
  readonly isTls: boolean
}

const hstsSeconds = 31_536_000

export function securityHeaders(part: Part, where: Surroundings): Readonly<Record<string, string>> {
  return {
    'content-security-policy': policyOf(part, where.host),
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    'referrer-policy': 'no-referrer',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'permissions-policy': 'camera=(), geolocation=(), microphone=()',
    ...(part === 'data' ? { 'cache-control': 'no-store' } : {}),
    ...(where.isTls ? { 'strict-transport-security': `max-age=${hstsSeconds}` } : {}),
  }
}

const NOTHING = [
  "default-src 'none'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
]

function policyOf(part: Part, host: string | undefined): string {
  if (part === 'data') return NOTHING.join('; ')
  // Swagger UI sets style attributes in its markup; it gets no script of its own but the one that it ships.
  const style = part === 'docs' ? "style-src 'self' 'unsafe-inline'" : "style-src 'self'"
  return [
    ...NOTHING,
    "script-src 'self'",
    style,
    "img-src 'self' data:",
    "font-src 'self'",
    "manifest-src 'self'",
    "worker-src 'self'",
    `connect-src 'self'${socketSources(host)}`,
  ].join('; ')
}

/** Some browsers do not take 'self' to include the same host's WebSocket. */
function socketSources(host: string | undefined): string {
  if (host === undefined || !/^[A-Za-z0-9.-]+(:\d{1,5})?$/.test(host)) return ''
  return ` ws://${host} wss://${host}`
}
