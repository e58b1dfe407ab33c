/** The door: makes the constructor that Socket.IO's `adapter` option takes. */
import type { Namespace, Socket } from 'socket.io'
import type { Adapter } from 'socket.io-adapter'
import type { Broker } from '../broker.ts'
import { cutOff } from '../delivery/cut-off.ts'
import { createWriter } from '../delivery/writer.ts'
import { Exchange, type ExchangeView } from './exchange.ts'
import { type AdapterOptions, settingsOf } from './options.ts'
import { RoomAdapter } from './room-adapter.ts'

/** What `io.of(...).adapter` is. */
export interface FanoutAdapter extends Adapter {
  readonly exchange: ExchangeView
}

/**
 * `new Server({ adapter: createAdapter(broker) })`: rooms across nodes, by any broker. The broker is started with the first namespace
 * and stopped with the last, by `io.close()`; one call makes the adapter of one `Server`. Throws a `RangeError` for an option that cannot be.
 */
export function createAdapter(broker: Broker, options: AdapterOptions = {}): typeof Adapter {
  const exchange = new Exchange(broker, settingsOf(options), () => writer.stop())
  const { bytesQueuedMax, clock, deliveryWindowMsMax } = exchange.settings
  const onBehind = (socket: Socket) => {
    exchange.counters.socketsCutOff += 1
    exchange.tell({ kind: 'cut-off', nsp: socket.nsp.name, socketId: socket.id })
    cutOff(socket)
  }
  const listener = { onBehind, onDrained() {}, onStuck() {} }
  const limits = { bytesQueuedMax, windowMsMax: deliveryWindowMsMax }
  const writer = createWriter({ clock, limits, listener })
  class NamespaceAdapter extends RoomAdapter {
    constructor(nsp: Namespace) {
      super(nsp, exchange, writer)
    }
  }
  return NamespaceAdapter as unknown as typeof Adapter
}
