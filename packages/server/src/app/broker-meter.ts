/** Counts what goes through a broker, both ways, without knowing what it is. */
import type { Broker, BrokerListener, Frame } from '@madang/fanout'

export interface Traffic {
  readonly framesOut: number
  readonly framesIn: number
  readonly bytesOut: number
  readonly bytesIn: number
  readonly framesDropped: number
}

export class BrokerMeter implements Broker {
  readonly #broker: Broker
  #framesOut = 0
  #framesIn = 0
  #bytesOut = 0
  #bytesIn = 0

  constructor(broker: Broker) {
    this.#broker = broker
  }

  get name(): string {
    return this.#broker.name
  }

  get droppedFrames(): number {
    return this.#broker.droppedFrames
  }

  traffic(): Traffic {
    return {
      framesOut: this.#framesOut,
      framesIn: this.#framesIn,
      bytesOut: this.#bytesOut,
      bytesIn: this.#bytesIn,
      framesDropped: this.droppedFrames,
    }
  }

  start(listener: BrokerListener): Promise<void> {
    return this.#broker.start({
      onFrame: (topic, frame) => {
        this.#framesIn += 1
        this.#bytesIn += frame.byteLength
        listener.onFrame(topic, frame)
      },
      onGap: (topic) => listener.onGap(topic),
      onHealth: (health) => listener.onHealth(health),
    })
  }

  subscribe(topic: string): Promise<void> {
    return this.#broker.subscribe(topic)
  }

  unsubscribe(topic: string): Promise<void> {
    return this.#broker.unsubscribe(topic)
  }

  publish(topic: string, frame: Frame): boolean {
    const taken = this.#broker.publish(topic, frame)
    if (taken) {
      this.#framesOut += 1
      this.#bytesOut += frame.byteLength
    }
    return taken
  }

  stop(): Promise<void> {
    return this.#broker.stop()
  }
}
