/** What a process does of the whole, read out of ROLES, API_URL and API_SECRET. Pure; what cannot be read is `undefined`. */

/** At least one is true. */
export interface Roles {
  /** Serves sockets. */
  readonly gateway: boolean
  /** Keeps the truth, and serves it to gateways. */
  readonly api: boolean
}

/** While one secret replaces another, both are valid. */
const secretsMax = 2

export function readRoles(text: string): Roles | undefined {
  const names = text.split(',').map((name) => name.trim())
  const isKnown = names.every((name) => name === 'gateway' || name === 'api')
  if (!isKnown || new Set(names).size < names.length) return undefined
  return { gateway: names.includes('gateway'), api: names.includes('api') }
}

export function readApiUrl(text: string): string | undefined {
  const url = URL.parse(text)
  if (url === null || !/^https?:$/.test(url.protocol)) return undefined
  return url.username || url.password || url.search || url.hash ? undefined : text
}

/** They go into a header: visible ASCII. */
export function readApiSecrets(text: string): readonly string[] | undefined {
  const secrets = text.split(',').map((secret) => secret.trim())
  const isReadable = secrets.every((secret) => /^[\x21-\x7e]{1,1024}$/.test(secret))
  return isReadable && secrets.length <= secretsMax ? secrets : undefined
}

export interface RoleValues {
  readonly ROLES: Roles
  readonly API_URL?: string | undefined
  readonly API_SECRET?: readonly string[] | undefined
}

export function rolesWarnings(
  { API_SECRET = [] }: RoleValues,
  isWeak: (secret: string) => boolean,
): string[] {
  if (!API_SECRET.some(isWeak)) return []
  return [
    'API_SECRET is weak: who guesses it reads and writes everything. Production refuses to start with it.',
  ]
}

/** What only shows when they are seen together, one sentence each. */
export function rolesProblems(
  { ROLES, API_URL, API_SECRET }: RoleValues,
  hasDatabase: boolean,
): string[] {
  const problems: string[] = []
  if (!ROLES.api && API_URL === undefined) {
    problems.push(
      'API_URL is not set, but with ROLES=gateway the http or https URL of the API process is expected.',
    )
  }
  if (ROLES.api && API_URL !== undefined) {
    problems.push(
      'API_URL is set, but this process keeps the truth itself. Set ROLES=gateway, or unset API_URL.',
    )
  }
  if (API_URL !== undefined && hasDatabase) {
    problems.push(
      'DATABASE_URL is set beside API_URL, but a gateway owns no database: the API process does. Unset one of them.',
    )
  }
  if (!(ROLES.gateway && ROLES.api) && API_SECRET === undefined) {
    problems.push(
      'API_SECRET is not set, but gateways and the API process know each other by it: give all of them the same.',
    )
  }
  return problems
}
