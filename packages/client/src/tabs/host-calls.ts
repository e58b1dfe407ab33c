/** Makes at the host's client what a tab has called, and says what came of it. */
import type { Id } from '@madang/protocol'
import type { Clock } from '../clock.ts'
import { OUTCOME_UNKNOWN } from '../refusals.ts'
import type { Client } from '../types.ts'
import { TAB_BOUNDS } from './bounds.ts'
import type { HostChannel } from './host-channel.ts'
import type { Call, CallAnswer } from './messages.ts'

export interface HostCallsParts {
  readonly clock: Clock
  client(): Client
  use<T>(channelId: Id, act: (channel: HostChannel) => Promise<T>): Promise<T>
  /** Sends under the client id that the tab has made. */
  send(channel: HostChannel, call: Call & { do: 'send' }): void
  forget(by: string): Promise<void>
}

const DONE: CallAnswer = { ok: true }

export class HostCalls {
  readonly #parts: HostCallsParts

  constructor(parts: HostCallsParts) {
    this.#parts = parts
  }

  /** `again`: it was made to another host, which may have done it. Never rejects. */
  async make(tab: string, call: Call, again: boolean): Promise<CallAnswer> {
    try {
      return await this.#make(tab, call, again)
    } catch {
      return { ok: false, error: OUTCOME_UNKNOWN }
    }
  }

  async #make(tab: string, call: Call, again: boolean): Promise<CallAnswer> {
    const client = this.#parts.client()
    switch (call.do) {
      case 'reconnect':
        client.reconnect()
        return DONE
      case 'forget':
        await this.#parts.forget(tab)
        return DONE
      case 'join':
        return { ...(await client.joinChannel(call.channelId)) }
      case 'quit':
        return { ...(await client.leaveChannel(call.channelId)) }
      default:
        return this.#parts.use(call.channelId, (channel) => this.#within(channel, call, again))
    }
  }

  async #within(
    channel: HostChannel,
    call: Exclude<Call, { do: 'reconnect' | 'forget' | 'join' | 'quit' }>,
    again: boolean,
  ): Promise<CallAnswer> {
    const { handle } = channel
    switch (call.do) {
      case 'send':
        // The other host has put it into the outbox that both share, or it has come back from the log already.
        if (!again || !channel.has(call.key)) this.#parts.send(channel, call)
        await new Promise<void>((sent) => channel.whenSent(call.key, sent))
        return DONE
      case 'retry':
        handle.retry(call.key)
        return DONE
      case 'discard':
        handle.discard(call.key)
        return DONE
      case 'older':
        await handle.loadOlder()
        return DONE
      case 'newer':
        await handle.loadNewer()
        return DONE
      case 'look':
        handle.lookAt(call.seq)
        return DONE
      case 'typing':
        handle.typing()
        return DONE
      case 'read':
        handle.markRead(call.seq)
        return DONE
      case 'edit':
        if (again) await this.#online()
        return { ...(await handle.edit(call.seq, call.text)) }
      case 'delete':
        if (again) await this.#online()
        return { ...(await handle.delete(call.seq)) }
      case 'question':
        return { ...(await handle.setQuestion(call.seq, call.state)) }
    }
  }

  /** A host that has only begun has no connection yet: what is made again waits for it, as long as an answer would be waited for. */
  #online(): Promise<void> {
    const { session } = this.#parts.client()
    const isUp = (): boolean => session.snapshot().connection.status === 'online'
    if (isUp()) return Promise.resolve()
    return new Promise((resolve) => {
      const done = (): void => {
        timer.cancel()
        unwatch()
        resolve()
      }
      const timer = this.#parts.clock.after(TAB_BOUNDS.onlineMsMax, done)
      const unwatch = session.subscribe(() => {
        if (isUp()) done()
      })
    })
  }
}
