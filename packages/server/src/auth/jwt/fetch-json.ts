/** Fetches a small JSON document that another system serves, within bounds of time and size. */
import type { Clock } from '../../clock.ts'

/** The part of the global `fetch` that is used. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>

export interface FetchBounds {
  readonly timeoutMs: number
  readonly bytesMax: number
}

async function readText(response: Response, bytesMax: number): Promise<string> {
  if (response.body === null) return ''
  const decoder = new TextDecoder('utf-8', { fatal: true })
  let bytes = 0
  let text = ''
  // Leaving the loop early cancels the body.
  for await (const chunk of response.body) {
    bytes += chunk.byteLength
    if (bytes > bytesMax) throw new Error(`the document is larger than ${bytesMax} bytes`)
    text += decoder.decode(chunk, { stream: true })
  }
  return text + decoder.decode()
}

/** Follows no redirect: the address is the operator's, and nobody else's to choose. */
export async function fetchJson(
  fetch: Fetch,
  url: string,
  clock: Clock,
  { timeoutMs, bytesMax }: FetchBounds,
): Promise<unknown> {
  const abort = new AbortController()
  const timer = clock.after(timeoutMs, () => abort.abort(new Error('the document took too long')))
  try {
    const response = await fetch(url, {
      signal: abort.signal,
      redirect: 'error',
      headers: { accept: 'application/json' },
    })
    if (!response.ok) throw new Error(`the document's server answered ${response.status}`)
    return JSON.parse(await readText(response, bytesMax))
  } finally {
    timer.cancel()
  }
}
