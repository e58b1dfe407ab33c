/** Our own words, for clients that know Socket.IO's recovery and nothing of ours: each event says where it is. */
import type { DownName, DownPayload, LogEvent } from '@madang/protocol'
import type { Reply } from '../wire.ts'
import { type Dialect, type DialectDesk, type Said, sorted } from './dialect.ts'
import { writeOffset } from './offset.ts'
import type { Voice } from './voice.ts'

export class StockWords implements Dialect {
  readonly name = 'stock'
  readonly #desk: DialectDesk

  constructor(desk: DialectDesk) {
    this.#desk = desk
  }

  hears(): boolean {
    return true
  }

  toRoom<N extends DownName>(event: N, payload: DownPayload<N>): Said {
    const offset = event === 'event' ? this.#offset(payload as LogEvent) : []
    return { event, args: [payload, ...offset] }
  }

  toOne<N extends DownName>(voice: Voice, event: N, payload: DownPayload<N>): readonly Said[] {
    if (event !== 'ready') return [this.toRoom(event, payload)]
    const { replays } = payload as DownPayload<'ready'>
    return [{ event, args: [payload, voice.wholeOffset(sorted(replays).opened)] }]
  }

  asked(voice: Voice, event: string, args: readonly unknown[], reply: Reply): void {
    this.#desk.ask(voice, event, args, reply)
  }

  #offset({ channelId, seq, createdAt }: LogEvent): readonly string[] {
    const key = this.#desk.channels.get(channelId)?.key
    return key === undefined ? [] : [writeOffset(createdAt, { key, seq })]
  }
}
