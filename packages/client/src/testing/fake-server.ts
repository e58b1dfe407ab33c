/** The other end of a link, played by a test: it sees every request, and says what it wants. */
import type { DownPayload, ErrorBody, MyChannel, Person, UpName, UpRequest } from '@madang/protocol'
import type { Answer, Link, LinkParts, Listener, OpenLink } from '../link.ts'

export const ANN: Person = {
  id: '00000000-0000-7000-8000-00000000a000',
  name: 'p0',
  kind: 'guest',
}

export interface FakeRequest {
  readonly name: UpName
  readonly payload: unknown
  answer(answer: object | undefined): void
}

/** One connection, from the server's side. */
export class FakeConnection {
  readonly parts: LinkParts
  requests: FakeRequest[] = []
  isClosed = false
  /** Let go by the client, but for the answers that are owed. */
  isRetired = false

  constructor(parts: LinkParts) {
    this.parts = parts
  }

  say<N extends keyof Listener>(name: N, payload: DownPayload<N>): void {
    if (!this.isClosed && !this.isRetired) this.parts.listener[name](payload)
  }

  ready(more: Partial<DownPayload<'ready'>> = {}): void {
    this.say('ready', {
      wire: 1,
      node: 'n1',
      serverTime: 0,
      person: ANN,
      communities: [],
      channels: [],
      open: [],
      replays: [],
      presence: [],
      ...more,
    })
  }

  refuse(error: ErrorBody): void {
    if (!this.isClosed) this.parts.refused(error)
  }

  /** The network breaks: outstanding requests are never answered. */
  break(): void {
    if (this.isClosed) return
    this.isClosed = true
    if (!this.isRetired) this.parts.closed('transport close')
    for (const request of this.requests.splice(0)) request.answer(undefined)
  }

  /** Takes the oldest request of this name. */
  take<N extends UpName>(name: N): FakeRequest & { readonly payload: UpRequest<N> } {
    const found = this.requests.find((one) => one.name === name)
    if (!found) throw new Error(`no request ${name}, but ${this.names().join() || 'none'}`)
    this.requests = this.requests.filter((one) => one !== found)
    return found as FakeRequest & { readonly payload: UpRequest<N> }
  }

  names(): readonly UpName[] {
    return this.requests.map((one) => one.name)
  }
}

export class FakeServer {
  readonly connections: FakeConnection[] = []

  /** The present connection. */
  get now(): FakeConnection {
    const last = this.connections.at(-1)
    if (!last) throw new Error('nobody has connected')
    return last
  }

  readonly openLink: OpenLink = (parts) => {
    const connection = new FakeConnection(parts)
    this.connections.push(connection)
    return linkOf(connection)
  }
}

function linkOf(connection: FakeConnection): Link {
  return {
    request<N extends UpName>(
      name: N,
      payload: UpRequest<N>,
      answered: (answer: Answer<N> | undefined) => void,
    ) {
      connection.requests.push({
        name,
        payload,
        answer: (answer) => answered(answer as Answer<N> | undefined),
      })
    },
    retire() {
      connection.isRetired = true
    },
    close() {
      connection.isClosed = true
    },
  }
}

export function myChannel(id: string, more: Partial<MyChannel> = {}): MyChannel {
  return {
    id,
    communityId: 'c1',
    kind: 'text',
    visibility: 'public',
    name: 'general',
    topic: '',
    createdAt: 0,
    epoch: 'e1',
    head: 0,
    messages: 0,
    role: 'member',
    cursor: 0,
    unread: 0,
    ...more,
  }
}
