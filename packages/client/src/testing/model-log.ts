/** One channel's log as the server's contract describes it: dense, deduplicated, served in the present state. */
import type { Author, CreatedEvent, LogEvent, QuestionState, Replay } from '@madang/protocol'
import type { PageWanted } from '../timeline.ts'

export const CHANNEL = '00000000-0000-7000-8000-000000000001'

export function author(number: number): Author {
  return {
    id: `00000000-0000-7000-8000-00000000a${String(number).padStart(3, '0')}`,
    name: `p${number}`,
  }
}

export interface ModelMessage {
  readonly clientId: string
  readonly by: Author
  readonly text: string
}

export interface ModelPage {
  readonly events: readonly LogEvent[]
  readonly head: number
  readonly more: boolean
}

export class ModelLog {
  readonly channelId: string
  epoch = 'e1'
  readonly #log: LogEvent[] = []
  /** The seq of the last edit or delete of each message. */
  readonly #revs = new Map<number, number>()

  constructor(channelId: string = CHANNEL) {
    this.channelId = channelId
  }

  get head(): number {
    return this.#log.length
  }

  /** The same client id of the same author is answered with the first event. */
  send({ clientId, by, text }: ModelMessage): CreatedEvent {
    const first = this.#log.find(
      (event) =>
        event.kind === 'created' && event.clientId === clientId && event.author.id === by.id,
    )
    if (first?.kind === 'created') return first
    return this.#append({
      kind: 'created',
      ...this.#base(by),
      clientId,
      lane: 'question',
      text,
      question: 'open',
    })
  }

  join(by: Author): void {
    this.#append({ kind: 'joined', ...this.#base(by), subject: by, role: 'member' })
  }

  edit(target: number, text: string): void {
    if (!this.#isAlive(target)) return
    this.#append({ kind: 'edited', ...this.#base(author(0)), target, text })
    this.#revs.set(target, this.head)
  }

  delete(target: number): void {
    if (!this.#isAlive(target)) return
    this.#append({ kind: 'deleted', ...this.#base(author(0)), target })
    this.#revs.set(target, this.head)
  }

  question(target: number, state: QuestionState): void {
    if (!this.#isAlive(target)) return
    this.#append({ kind: 'question', ...this.#base(author(0)), target, state })
  }

  /** As it was appended: what a live delivery may carry. */
  raw(seq: number): LogEvent {
    const event = this.#log[seq - 1]
    if (!event) throw new Error(`no event ${seq}`)
    return event
  }

  /** As the store serves it now. */
  present(seq: number): LogEvent {
    const event = this.raw(seq)
    const later = this.#log.filter((one) => 'target' in one && one.target === seq)
    const gone = later.find((one) => one.kind === 'deleted')
    if (event.kind === 'edited')
      return this.#isDeleted(event.target) ? { ...event, text: null } : event
    if (event.kind !== 'created') return event
    const edit = later.filter((one) => one.kind === 'edited').at(-1)
    const question = later.filter((one) => one.kind === 'question').at(-1)
    const rev = this.#revs.get(seq)
    return {
      ...event,
      ...(edit && { text: edit.text, editedAt: edit.createdAt }),
      ...(gone && { text: null, deletedAt: gone.createdAt }),
      ...(question && { question: question.state }),
      ...(rev !== undefined && { rev }),
    }
  }

  replay(cursor: number | undefined, limit: number): Replay {
    const { channelId, epoch, head } = this
    if (cursor === undefined || head - cursor > limit) {
      const { events } = this.page(undefined, limit)
      return { channelId, epoch, head, events: [...events], limited: true }
    }
    const events = this.#log.slice(cursor).map((event) => this.present(event.seq))
    return { channelId, epoch, head, events, limited: false }
  }

  /** Amendments are folded into their targets. */
  page(before: number | undefined, limit: number): ModelPage {
    const shown = this.shown().filter((seq) => seq < (before ?? this.head + 1))
    const events = shown.slice(-limit).map((seq) => this.present(seq))
    return { events, head: this.head, more: shown.length > limit }
  }

  /** What an asker of a page gets: before a seq, or after one. */
  asked(wanted: PageWanted, limit: number): ModelPage {
    if ('before' in wanted) return this.page(wanted.before, limit)
    const shown = this.shown().filter((seq) => seq > wanted.after)
    const events = shown.slice(0, limit).map((seq) => this.present(seq))
    return { events, head: this.head, more: shown.length > limit }
  }

  /** The seqs that people see. */
  shown(): number[] {
    return this.#log
      .filter(({ kind }) => kind !== 'edited' && kind !== 'deleted' && kind !== 'question')
      .map((event) => event.seq)
  }

  messages(): readonly CreatedEvent[] {
    return this.#log.filter((event) => event.kind === 'created')
  }

  #isAlive(seq: number): boolean {
    return this.#log[seq - 1]?.kind === 'created' && !this.#isDeleted(seq)
  }

  #isDeleted(seq: number): boolean {
    return this.#log.some((event) => event.kind === 'deleted' && event.target === seq)
  }

  #base(by: Author): Pick<LogEvent, 'id' | 'channelId' | 'seq' | 'createdAt' | 'author'> {
    const seq = this.head + 1
    const id = `00000000-0000-7000-9000-${String(seq).padStart(12, '0')}`
    return { id, channelId: this.channelId, seq, createdAt: 1_000 + seq, author: by }
  }

  #append<E extends LogEvent>(event: E): E {
    this.#log.push(event)
    return event
  }
}
