/** Brings what concerns a person to all of their connections here: what they read elsewhere, where they belong now, and that a session is void. */
import { errorBody, type Id } from '@madang/protocol'
import type { PersonNotice } from '../core/outlet.ts'
import type { Notes } from '../feed/notes.ts'
import { type NodeTopic, personTopic } from '../feed/topics.ts'
import type { Inspection } from './inspection.ts'
import type { Reconciling } from './reconciling.ts'
import type { Seats } from './seats.ts'
import type { Session } from './session.ts'
import type { Sessions } from './sessions.ts'

export interface PersonNoticesParts {
  readonly notes: Notes
  readonly sessions: Sessions
  readonly seats: Seats
  readonly reconciling: Reconciling
  readonly inspection: Inspection
}

const PERSON = 'person:'

export class PersonNotices {
  readonly #parts: PersonNoticesParts

  constructor(parts: PersonNoticesParts) {
    this.#parts = parts
    parts.notes.on('notice', (topic, notice) => this.#heard(topic.slice(PERSON.length), notice))
    parts.notes.onGap((topic) => this.#missed(topic))
  }

  /** A connection is there. What was committed after its person's places and session were read, and before notes of it arrive, is found by a look at the store. */
  watch(session: Session): void {
    const { notes, sessions } = this.#parts
    void notes.hold(personTopic(session.person.id)).then(() => {
      if (!session.ended) sessions.unsure.add(session)
    })
  }

  /** A connection is gone. */
  unwatch(session: Session): void {
    this.#parts.notes.release(personTopic(session.person.id))
  }

  #heard(personId: Id, notice: PersonNotice): void {
    const { sessions, reconciling } = this.#parts
    switch (notice.kind) {
      case 'channel':
        reconciling.channel(personId, notice.channelId)
        break
      case 'community':
      case 'disabled':
        reconciling.places(personId)
        break
      case 'read':
        for (const session of sessions.of(personId)) {
          if (isAbout(session, notice.channelId)) {
            whenReady(session, () => this.#read(session, notice))
          }
        }
        break
      case 'gone':
        // Any other end is an event of the channel's log, and acts where the log says.
        if (notice.reason === 'deleted') this.#deleted(personId, notice.channelId)
        break
      case 'signed_out':
        this.#signedOut(personId, notice.sessionId)
    }
  }

  #missed(topic: NodeTopic | undefined): void {
    const { inspection, reconciling } = this.#parts
    if (topic === undefined) inspection.soon()
    else if (topic.startsWith(PERSON)) reconciling.places(topic.slice(PERSON.length))
  }

  #read(session: Session, { channelId, cursor, unread }: Extract<PersonNotice, { kind: 'read' }>) {
    session.connection.emit('read', { channelId, cursor, unread })
  }

  #deleted(personId: Id, channelId: Id): void {
    for (const session of this.#parts.sessions.of(personId)) {
      const seat = session.seats.get(channelId)
      if (seat !== undefined) this.#parts.seats.evict(session, seat, 'deleted')
    }
  }

  #signedOut(personId: Id, sessionId: string): void {
    for (const session of [...this.#parts.sessions.of(personId)]) {
      if (session.sessionId !== sessionId) continue
      session.connection.close(errorBody('session_expired'), false)
    }
  }
}

/** A connection that has to do with one community hears nothing of others. */
function isAbout({ manner, seats }: Session, channelId: Id): boolean {
  return manner.scope === undefined || seats.has(channelId)
}

/** At once, or after what the connection has to be told first. */
function whenReady(session: Session, run: () => void): void {
  if (session.ready) run()
  else void session.turn(async () => run())
}
