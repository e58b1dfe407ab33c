/** Clients that say what no library would: raw websockets and raw HTTP. */
import { once } from 'node:events'
import { type IncomingHttpHeaders, request } from 'node:http'
import { connect, type Socket } from 'node:net'
import { WebSocket } from 'ws'

export interface RawAnswer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

/** One HTTP request, exactly as it is given. */
export function ask(
  port: number,
  path: string,
  options: { method?: string; headers?: Record<string, string>; body?: string | Buffer } = {},
): Promise<RawAnswer> {
  const { method = 'GET', headers = {}, body } = options
  return new Promise((resolve, reject) => {
    const asked = request({ port, host: '127.0.0.1', path, method, headers, agent: false })
    asked.on('error', reject)
    asked.on('response', (response) => {
      let text = ''
      response.setEncoding('utf8').on('data', (chunk) => {
        text += chunk
      })
      const answer = () => ({
        status: response.statusCode ?? 0,
        headers: response.headers,
        body: text,
      })
      response.on('end', () => resolve(answer()))
      response.on('error', () => resolve(answer()))
    })
    asked.end(body)
  })
}

const POLLING = '/socket.io/?EIO=4&transport=polling'

/** A long-polling session: its id, and how to use it. */
export async function polling(port: number, headers: Record<string, string> = {}) {
  const opened = await ask(port, POLLING, { headers })
  const { sid } = JSON.parse(opened.body.slice(1)) as { sid: string }
  const path = `${POLLING}&sid=${sid}`
  return {
    sid,
    path,
    post: (body: string | Buffer, more: Record<string, string> = {}) =>
      ask(port, path, { method: 'POST', headers: { ...headers, ...more }, body }),
    poll: (more: Record<string, string> = {}) =>
      ask(port, path, { headers: { ...headers, ...more } }),
  }
}

export interface RawWebSocket {
  readonly ws: WebSocket
  readonly seen: string[]
  /** Resolves to the close code. */
  readonly closed: Promise<number>
  /** Resolves to the first message that begins so. */
  until(prefix: string): Promise<string>
}

/** An Engine.IO websocket that says nothing by itself. Rejects with the HTTP status where it is refused. */
export function rawWebSocket(
  port: number,
  { query = 'EIO=4&transport=websocket', headers = {} }: { query?: string; headers?: object } = {},
): Promise<RawWebSocket> {
  const ws = new WebSocket(`ws://127.0.0.1:${port}/socket.io/?${query}`, {
    headers: { ...headers },
    perMessageDeflate: false,
  })
  const seen: string[] = []
  let look = () => {}
  ws.on('message', (data) => {
    seen.push(String(data))
    look()
  })
  const closed = new Promise<number>((resolve) => ws.on('close', resolve))
  const until = async (prefix: string): Promise<string> => {
    for (;;) {
      const found = seen.find((text) => text.startsWith(prefix))
      if (found !== undefined) return found
      await new Promise<void>((resolve) => {
        look = resolve
      })
    }
  }
  return new Promise((resolve, reject) => {
    ws.on('error', () => {})
    ws.on('open', () => resolve({ ws, seen, closed, until }))
    ws.on('unexpected-response', (_, response) => {
      response.resume()
      reject(new Error(String(response.statusCode)))
    })
  })
}

/** A TCP connection on which these bytes were sent; resolves to what came back until it was closed. */
export async function sendBytes(
  port: number,
  bytes: string | Buffer,
  reset = false,
): Promise<string> {
  const socket: Socket = connect(port, '127.0.0.1')
  socket.on('error', () => {})
  await once(socket, 'connect')
  let back = ''
  socket.on('data', (chunk) => {
    back += chunk
  })
  socket.write(bytes)
  if (reset) setTimeout(() => socket.resetAndDestroy(), 20)
  else setTimeout(() => socket.end(), 300)
  await once(socket, 'close')
  return back
}
