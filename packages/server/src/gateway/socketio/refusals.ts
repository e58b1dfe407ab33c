/** Writes the few HTTP answers that the socket path gives without engine.io. */
import { type IncomingMessage, type ServerResponse, STATUS_CODES } from 'node:http'
import type { Duplex } from 'node:stream'
import { ERRORS, type ErrorBody } from '@madang/protocol'
import { BOUNDS } from './bounds.ts'

/** A request with where its answer goes: a response, or the bare socket of an upgrade. */
export type Exchange =
  | { readonly request: IncomingMessage; readonly response: ServerResponse }
  | { readonly request: IncomingMessage; readonly socket: Duplex }

/** Answers with the status of the error's row, and `Retry-After` where trying again makes sense. */
export function refuse(exchange: Exchange, error: ErrorBody): void {
  const { status, headers, body } = refusal(error)
  if ('response' in exchange) {
    exchange.response.writeHead(status, headers).end(body)
    return
  }
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`)
  exchange.socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${lines.join('')}\r\n${body}`)
  exchange.socket.once('finish', () => exchange.socket.destroy())
}

function refusal(error: ErrorBody) {
  const body = JSON.stringify(error)
  const waitMs = error.retryAfterMs ?? BOUNDS.retryAfterMs
  const headers: Record<string, string | number> = {
    'Content-Type': 'application/json; charset=utf-8',
    'Content-Length': Buffer.byteLength(body),
    'Cache-Control': 'no-store',
    Connection: 'close',
  }
  if (error.retry !== 'never') headers['Retry-After'] = Math.max(1, Math.ceil(waitMs / 1_000))
  return { status: ERRORS[error.code].status, headers, body }
}

/** Lets the page at `origin`, which was checked, read what long-polling answers. */
export function allowOrigin(response: ServerResponse, origin: string): void {
  response.setHeader('Access-Control-Allow-Origin', origin)
  response.setHeader('Access-Control-Allow-Credentials', 'true')
  response.setHeader('Vary', 'Origin')
}

export function answerPreflight(response: ServerResponse): void {
  response.writeHead(204, {
    'Access-Control-Allow-Methods': 'GET, POST',
    'Access-Control-Allow-Headers': 'content-type',
    'Access-Control-Max-Age': 600,
    'Content-Length': 0,
  })
  response.end()
}
