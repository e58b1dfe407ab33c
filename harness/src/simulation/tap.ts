/** Listens to one connection, and notes in the history what the server says on it. */
import type { DownPayload, Id, Replay, UpName } from '@madang/protocol'
import type { History, Line } from './history.ts'

export type Cursors = Readonly<Record<Id, { readonly seq: number } | number | null>>

/** As much of any answer as is looked at. */
interface Answer {
  readonly ok: boolean
  readonly seq?: number
  readonly error?: { readonly code: string; readonly retry: string }
  readonly replays?: readonly Replay[]
  readonly replay?: Replay
  readonly channel?: { readonly id: Id; readonly head: number }
  readonly events?: DownPayload<'ready'>['replays'][number]['events']
}

export class Tap {
  readonly #history: History
  readonly #line: Line
  /** Undefined: a stock client, which has everything open that it is told of. */
  readonly #cursors: Cursors | undefined
  readonly #open = new Set<Id>()

  constructor(history: History, line: Line, cursors: Cursors | undefined) {
    this.#history = history
    this.#line = line
    this.#cursors = cursors
  }

  heard(event: string, payload: unknown): void {
    const down = <N extends keyof Payloads>(_: N) => payload as Payloads[N]
    const line = this.#line
    const history = this.#history
    switch (event) {
      case 'ready':
        this.#ready(down('ready'))
        break
      case 'event':
        history.note({ what: 'live', line, event: down('event') })
        break
      case 'channel':
        this.#given(down('channel').channel)
        break
      case 'digest': {
        const { channelId, head } = down('digest')
        history.note({ what: 'digest', line, channelId, head })
        break
      }
      case 'typing':
        history.note({ what: 'typing', line, channelId: down('typing').channelId })
        break
      case 'resume':
        history.note({ what: 'behind', line, channelIds: down('resume').channelIds })
        break
      case 'gone':
        this.#open.delete(down('gone').channelId)
        history.note({ what: 'gone', line, channelId: down('gone').channelId })
    }
  }

  answered(name: UpName, request: object, answer: unknown): void {
    const { ok, seq, error, replay, replays = [], channel, events } = answer as Answer
    const line = this.#line
    const { device } = line
    if (name === 'send' && 'clientId' in request) {
      const clientId = String(request.clientId)
      if (ok && seq !== undefined)
        this.#history.note({ what: 'acknowledged', device, clientId, seq })
      if (error?.retry === 'never') {
        this.#history.note({ what: 'refused', device, clientId, code: error.code })
      }
    }
    if (name === 'history' && events) this.#history.note({ what: 'page', line, events })
    const open = 'open' in request ? (request.open as Cursors) : {}
    for (const one of replays) this.#opened(one, seqOf(open[one.channelId]))
    if (channel && replay) {
      this.#yours(channel)
      this.#opened(replay, null)
    }
  }

  #ready({ channels, replays }: Payloads['ready']): void {
    for (const channel of channels) this.#yours(channel)
    for (const replay of replays) {
      const cursor = this.#cursors ? seqOf(this.#cursors[replay.channelId]) : replay.head
      this.#opened(replay, cursor)
    }
  }

  #given(channel: { readonly id: Id; readonly head: number }): void {
    this.#yours(channel)
    if (this.#cursors || this.#open.has(channel.id)) return
    const { id: channelId, head } = channel
    this.#opened({ channelId, head, events: [], limited: false }, head)
  }

  #yours({ id: channelId, head }: { readonly id: Id; readonly head: number }): void {
    this.#history.note({ what: 'yours', line: this.#line, channelId, head })
  }

  #opened(replay: Omit<Replay, 'epoch'>, cursor: number | null): void {
    const { channelId, head, events, limited, error } = replay
    if (error !== undefined) return
    this.#open.add(channelId)
    const line = this.#line
    this.#history.note({ what: 'opened', line, channelId, cursor, limited, head, events })
  }
}

function seqOf(cursor: Cursors[string] | undefined): number | null {
  if (cursor === undefined || cursor === null) return null
  return typeof cursor === 'number' ? cursor : cursor.seq
}

type Payloads = {
  readonly [N in
    | 'ready'
    | 'event'
    | 'channel'
    | 'digest'
    | 'typing'
    | 'resume'
    | 'gone']: DownPayload<N>
}
