/** The log as a stranger reads it: over REST, as a guest who came later. */
import type { LedgerLine } from './ledger.ts'

/** Of the first channel of the server at `url`. Rejects where the numbers have a hole. */
export async function readLog(url: string): Promise<LedgerLine[]> {
  const guest = await call<{ session: { token: string } }>(`${url}/api/guests`, undefined, {
    name: 'auditor',
  })
  const token = guest.session.token
  const { channels } = await call<{ channels: { channelId: string }[] }>(`${url}/api/unread`, token)
  const channelId = channels[0]?.channelId
  const lines: LedgerLine[] = []
  for (let after = 0; ; ) {
    const path = `${url}/api/channels/${channelId}/events?after=${after}&limit=200`
    const page = await call<{ events: { kind: string; seq: number; clientId?: string }[] }>(
      path,
      token,
    )
    for (const event of page.events) {
      if (event.seq !== after + 1)
        throw new Error(`the log has a hole: seq ${event.seq} after ${after}`)
      after = event.seq
      if (event.kind === 'created') lines.push({ seq: event.seq, clientId: event.clientId ?? '' })
    }
    if (page.events.length === 0) return lines
  }
}

async function call<T>(url: string, token?: string, body?: object): Promise<T> {
  const response = await fetch(url, {
    method: body ? 'POST' : 'GET',
    headers: {
      ...(body ? { 'content-type': 'application/json' } : {}),
      ...(token ? { authorization: `Bearer ${token}` } : {}),
    },
    ...(body ? { body: JSON.stringify(body) } : {}),
  })
  if (!response.ok) throw new Error(`${response.status} ${url}: ${await response.text()}`)
  return (await response.json()) as T
}
