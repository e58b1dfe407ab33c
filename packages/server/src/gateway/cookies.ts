/** Finds one cookie in a request's header. */

/** The value of the first cookie of this name, as it was sent; undefined where there is none, or an empty one. */
export function cookieValue(header: string | undefined, name: string): string | undefined {
  if (header === undefined) return undefined
  for (const pair of header.split(';')) {
    const at = pair.indexOf('=')
    if (at !== -1 && pair.slice(0, at).trim() === name)
      return pair.slice(at + 1).trim() || undefined
  }
  return undefined
}
