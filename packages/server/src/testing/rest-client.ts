/** Calls the HTTP API by the names of its routes, and holds every answer against its schema. */
import { type ErrorBody, ErrorShape, ROUTES, type Route, type RouteName } from '@madang/protocol'
import type { Answer } from '../api/ask.ts'

export interface RestCall {
  readonly params?: Readonly<Record<string, string | number>>
  readonly query?: Readonly<Record<string, string | number>>
  readonly body?: object
  readonly headers?: Readonly<Record<string, string>>
}

export interface RestClient {
  /** Rejects with `RestRefusal`. */
  call<N extends RouteName>(name: N, what?: RestCall): Promise<Answer<N>>
  /** The same route, for whoever wants to see all of the answer. */
  raw(name: RouteName, what?: RestCall): Promise<Response>
  /** The same server, under another token or none. */
  as(token: string | undefined): RestClient
}

export class RestRefusal extends Error {
  readonly status: number
  readonly body: ErrorBody

  constructor(status: number, body: ErrorBody) {
    super(`${status} ${body.code}${body.field === undefined ? '' : ` (${body.field})`}`)
    this.name = 'RestRefusal'
    this.status = status
    this.body = body
  }
}

export function createRestClient(url: string, token?: string): RestClient {
  function raw(name: RouteName, what: RestCall = {}): Promise<Response> {
    const route: Route = ROUTES[name]
    return fetch(`${url}${pathOf(route.path, what)}`, {
      method: route.method,
      headers: {
        ...(what.body && { 'content-type': 'application/json' }),
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
        ...what.headers,
      },
      ...(what.body && { body: JSON.stringify(what.body) }),
    })
  }
  return {
    raw,
    async call<N extends RouteName>(name: N, what?: RestCall) {
      const response = await raw(name, what)
      const json: unknown = await response.json()
      if (!response.ok) {
        ErrorShape.parse(json)
        throw new RestRefusal(response.status, json as ErrorBody)
      }
      const route: Route = ROUTES[name]
      if (response.status !== route.status) throw new Error(`${name} answered ${response.status}`)
      return route.response.parse(json) as Answer<N>
    },
    as: (other) => createRestClient(url, other),
  }
}

function pathOf(pattern: string, { params = {}, query = {} }: RestCall): string {
  const path = pattern.replace(/:(\w+)/g, (_, name: string) =>
    encodeURIComponent(params[name] ?? ''),
  )
  const pairs = Object.entries(query).map(([key, value]): [string, string] => [key, String(value)])
  const search = new URLSearchParams(pairs).toString()
  return search === '' ? path : `${path}?${search}`
}
