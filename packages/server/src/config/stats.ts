/** Where counts for operators are kept, read out of STATS_URL. Pure; what cannot be read is `undefined`. */

export type StatsConfig =
  /** Where everything is kept. */
  | { readonly kind: 'store' }
  /** Nowhere: nothing is counted. */
  | { readonly kind: 'off' }
  | { readonly kind: 'postgres'; readonly url: string }
  | { readonly kind: 'redis'; readonly url: string }
  | { readonly kind: 'sqlite'; readonly file: string }

export function readStatsUrl(text: string): StatsConfig | undefined {
  if (text === 'store' || text === 'off') return { kind: text }
  if (text.startsWith('sqlite:')) {
    const file = text.slice('sqlite:'.length)
    return file === '' ? undefined : { kind: 'sqlite', file }
  }
  const url = URL.parse(text)
  if (url === null || url.host === '' || url.hash !== '') return undefined
  if (/^postgres(ql)?:$/.test(url.protocol) && url.pathname.length > 1) {
    return { kind: 'postgres', url: text }
  }
  if (/^rediss?:$/.test(url.protocol)) return { kind: 'redis', url: text }
  return undefined
}
