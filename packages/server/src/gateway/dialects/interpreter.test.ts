import { systemClock } from '../../clock.ts'
import { LocalChannels } from '../local-channels.ts'
import type { Session } from '../session.ts'
import { newSocketIoWire } from '../testing/socketio-client.ts'
import { type State, wireCases } from '../wire.case.ts'
import type { Connection, Door, Wire } from '../wire.ts'
import type { DialectDesk } from './dialect.ts'
import { Interpreter } from './interpreter.ts'
import { StockWords } from './stock.ts'

const MANNERS = {
  native: { speech: 'native', scope: undefined, opens: 'named', nameless: false },
  stock: { speech: 'stock', scope: undefined, opens: 'all', nameless: false },
} as const

/** A door of the cases, for a wire whose states say how they speak. */
function speaking(door: Door<State>, speech: keyof typeof MANNERS): Door<Session> {
  const manner = MANNERS[speech]
  const as = (connection: Connection<Session>) => connection as unknown as Connection<State>
  return {
    knock: (address) => door.knock(address),
    serves: (namespace) => door.serves(namespace),
    async admit(handshake) {
      const admission = await door.admit(handshake)
      if (!admission.ok) return admission
      const state = { ...admission.state, manner, seats: new Map(), ready: false }
      return { ...admission, state: state as unknown as Session }
    },
    abandoned: (state) => door.abandoned(state as unknown as State),
    opened: (connection) => door.opened(as(connection)),
    received: (connection, event, args, reply) => door.received(as(connection), event, args, reply),
    malformed: (connection, error, reply) => door.malformed(as(connection), error, reply),
    drained: (connection) => door.drained(as(connection)),
    ponged: (client) => door.ponged(client),
    closed: (connection, reason) => door.closed(as(connection), reason),
  }
}

/** The Socket.IO wire as the gateway has it: a client that speaks no dialect, or another, must not be able to tell the two apart. */
for (const speech of ['native', 'stock'] as const) {
  wireCases(`an interpreter, ${speech}`, async () => {
    const under = await newSocketIoWire(['websocket'], { namespaces: true })
    const channels = new LocalChannels()
    const feeds = {} as DialectDesk['feeds']
    const wire = under.wire as unknown as Wire<Session>
    const interpreter = new Interpreter({ wire, channels, feeds, clock: systemClock })
    interpreter.learn([
      new StockWords({
        channels,
        ask: (voice, event, args, reply) =>
          doors.get(interpreter)?.received(voice, event, args, reply),
      } as DialectDesk),
    ])
    const doors = new Map<Interpreter, Door<Session>>()
    const start = async (door: Door<State>) => {
      const speaker = speaking(door, speech)
      doors.set(interpreter, speaker)
      await interpreter.start(speaker)
    }
    const spoken = new Proxy(interpreter, {
      get: (target, name) => {
        if (name === 'start') return start
        const value = Reflect.get(target, name)
        return typeof value === 'function' ? value.bind(target) : value
      },
    })
    return { ...under, wire: spoken as unknown as Wire<State> }
  })
}
