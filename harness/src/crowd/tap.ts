/** Our client's own transport, with a journal beside it: what is written down is what arrived, whatever the client makes of it. */
import { openSocket, type World } from '@madang/client'
import type { AnyAnswer, Journal } from './journal.ts'

type OpenLink = NonNullable<World['openLink']>
type LinkParts = Parameters<OpenLink>[0]
type Link = ReturnType<OpenLink>

export function tapped(journal: Journal, sends: ReadonlySet<string>): OpenLink {
  return (parts) => {
    const conn = journal.connects()
    const link = openSocket({
      ...parts,
      listener: listening(journal, conn, parts.listener),
      refused(error) {
        journal.down(conn, error.code)
        parts.refused(error)
      },
      closed(reason) {
        journal.down(conn, reason)
        parts.closed(reason)
      },
    })
    return {
      request: asking(journal, conn, link, sends),
      retire: () => link.retire(),
      close() {
        journal.down(conn, 'closed by the client')
        link.close()
      },
    }
  }
}

function listening(
  journal: Journal,
  conn: number,
  listener: LinkParts['listener'],
): LinkParts['listener'] {
  return {
    ...listener,
    ready(ready) {
      journal.up(conn, ready.node)
      for (const channel of ready.channels) journal.channel(conn, channel)
      for (const replay of ready.replays) journal.replay(conn, replay)
      listener.ready(ready)
    },
    event(event) {
      journal.event(conn, event, 'live')
      listener.event(event)
    },
    digest(digest) {
      journal.hint(conn, 'digest', digest.channelId, { head: digest.head })
      listener.digest(digest)
    },
    typing(typing) {
      journal.hint(conn, 'typing', typing.channelId)
      listener.typing(typing)
    },
    read(read) {
      journal.hint(conn, 'read', read.channelId, { cursor: read.cursor, unread: read.unread })
      listener.read(read)
    },
    channel(told) {
      journal.channel(conn, told.channel)
      listener.channel(told)
    },
    gone(gone) {
      journal.hint(conn, 'gone', gone.channelId)
      listener.gone(gone)
    },
    resume(resume) {
      for (const channel of resume.channelIds) journal.hint(conn, 'resume', channel)
      listener.resume(resume)
    },
  }
}

/** `sends`: the client ids whose sends were asked for through the journal. */
function asking(
  journal: Journal,
  conn: number,
  link: Link,
  sends: ReadonlySet<string>,
): Link['request'] {
  return (name, payload, answered) => {
    const heard = began(journal, conn, name, payload as Asked, sends)
    link.request(name, payload, (answer) => {
      heard(answer as AnyAnswer | undefined)
      answered(answer)
    })
  }
}

/** What the requests that are written down may carry. */
interface Asked {
  readonly channelId?: string
  readonly clientId?: string
  readonly text?: string
  readonly target?: number
  readonly cursor?: number
}

type Heard = (answer: AnyAnswer | undefined) => void

function began(
  journal: Journal,
  conn: number,
  name: string,
  { channelId = '', ...asked }: Asked,
  sends: ReadonlySet<string>,
): Heard {
  switch (name) {
    case 'send':
      return sent(journal, conn, asked.clientId ?? '', sends)
    case 'edit':
    case 'delete':
    case 'read':
    case 'join':
    case 'leave': {
      const op = journal.invoke({ deed: name, channel: channelId, ...asked })
      return (answer) => {
        journal.ends(op, answer)
        if (answer?.ok && 'replay' in answer) journal.replay(conn, answer.replay as never)
      }
    }
    case 'sync':
      return (answer) => {
        if (!answer?.ok || !Array.isArray(answer.replays)) return
        for (const replay of answer.replays) journal.replay(conn, replay)
      }
    case 'history':
      return (answer) => {
        if (answer?.ok && Array.isArray(answer.events)) journal.page(conn, answer.events)
      }
    default:
      return () => {}
  }
}

/** A send ends when it is answered for good; whatever else is said of it is one more try. */
function sent(journal: Journal, conn: number, op: string, sends: ReadonlySet<string>): Heard {
  if (!sends.has(op)) return () => {}
  journal.tries(op, conn)
  return (answer) => {
    if (answer === undefined) return
    if (answer.ok || answer.error.retry === 'never') journal.ends(op, answer)
    else journal.tries(op, conn, answer.error.code)
  }
}
