/** Which web pages may use the server with a person's cookie: its own, and those on the allow-list. One rule for both doors. */

export interface Caller {
  /** The Origin header, where there is one. Browsers always send it with requests that change something, and with every WebSocket. */
  readonly origin: string | undefined
  /** What the caller took the server's name to be: the Host header, or what a trusted proxy says it was. */
  readonly host: string | undefined
}

/** `none`: no browser page, or one of another time; the cookie alone proves nothing then. */
export type OriginVerdict = 'own' | 'listed' | 'none' | 'refused'

/**
 * Exact origins only: no suffixes and no patterns, which is where such lists break. The scheme of the server's own origin is not compared, because behind a
 * proxy that ends TLS the server cannot know it; whoever controls plain HTTP of the same host is stopped by the Secure cookie.
 */
export function judgeOrigin({ origin, host }: Caller, listed: readonly string[]): OriginVerdict {
  if (origin === undefined) return 'none'
  if (listed.includes(origin)) return 'listed'
  const url = URL.parse(origin)
  const isWebOrigin = url !== null && /^https?:$/.test(url.protocol) && url.origin === origin
  return isWebOrigin && host !== undefined && url.host === hostOf(url.protocol, host)
    ? 'own'
    : 'refused'
}

/** In the form of an origin: lower case, without the scheme's usual port. */
function hostOf(protocol: string, host: string): string | undefined {
  if (!/^[A-Za-z0-9._:[\]-]+$/.test(host)) return undefined
  return URL.parse(`${protocol}//${host}`)?.host
}
