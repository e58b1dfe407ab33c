/** Asks the door about each client that connects to a namespace, once. */
import { type ErrorBody, errorBody } from '@madang/protocol'
import type { Socket } from 'socket.io'
import { deeperThan } from '../depth.ts'
import type { Admission, Door } from '../wire.ts'
import type { Arrivals } from './arrivals.ts'
import { BOUNDS } from './bounds.ts'
import type { EngineSocket } from './engine.ts'

const MAIN = '/'

type Next = (error?: Error) => void

export interface EntranceOptions<State> {
  readonly door: Door<State>
  readonly arrivals: Arrivals
  readonly payloadDepthMax: number
  readonly refusing: () => boolean
}

export class Entrance<State> {
  readonly #options: EntranceOptions<State>
  /** The namespaces that were asked about: the next CONNECT to one of them costs nothing. */
  readonly #asked = new WeakMap<EngineSocket, Set<string>>()
  readonly #admitted = new WeakMap<Socket, { readonly state: State }>()

  constructor(options: EntranceOptions<State>) {
    this.#options = options
  }

  /** Socket.IO's middleware. */
  ask(socket: Socket, next: Next): void {
    const refusal = this.#refusal(socket)
    if (refusal === undefined) this.#admit(socket, next)
    else next(refused(refusal))
  }

  /** The state that a socket was admitted with; only the first call gets it. */
  take(socket: Socket): { readonly state: State } | undefined {
    const admitted = this.#admitted.get(socket)
    this.#admitted.delete(socket)
    return admitted
  }

  /** The socket is gone, or was not let in. The main namespace is asked about once. */
  left({ conn, nsp }: Socket): void {
    if (nsp.name !== MAIN) this.#asked.get(conn)?.delete(nsp.name)
  }

  #admit(socket: Socket, next: Next): void {
    const { conn } = socket
    const namespace = socket.nsp.name
    const asked = this.#asked.get(conn) ?? new Set()
    this.#asked.set(conn, asked.add(namespace))
    const { auth, headers } = socket.handshake
    const address = this.#options.arrivals.addressOf(conn)
    this.#options.door.admit({ auth, headers, address, namespace, client: conn }).then(
      (admission) => this.#decided(socket, admission, next),
      () => this.#refuse(socket, errorBody('internal'), next),
    )
  }

  #refuse(socket: Socket, error: ErrorBody, next: Next): void {
    this.left(socket)
    next(refused(error))
  }

  #refusal(socket: Socket): ErrorBody | undefined {
    if (this.#options.refusing()) return errorBody('draining')
    const asked = this.#asked.get(socket.conn)
    if (asked?.has(socket.nsp.name)) {
      return errorBody('limit_reached', { limit: 'connectsPerConnectionMax' })
    }
    if ((asked?.size ?? 0) >= BOUNDS.namespacesPerConnectionMax) {
      return errorBody('limit_reached', { limit: 'namespacesPerConnectionMax' })
    }
    return deeperThan(socket.handshake.auth, this.#options.payloadDepthMax)
      ? errorBody('too_deep')
      : undefined
  }

  #decided(socket: Socket, admission: Admission<State>, next: Next): void {
    if (!admission.ok) {
      this.#refuse(socket, admission.error, next)
      return
    }
    this.#admitted.set(socket, admission)
    // Socket.IO tells the client so in its answer.
    if (admission.pid !== undefined) Reflect.set(socket, 'pid', admission.pid)
    next()
    // Socket.IO looks in the next tick whether the client is still there, and says nothing where it is not.
    process.nextTick(() => {
      if (this.take(socket) === undefined) return
      this.left(socket)
      this.#options.door.abandoned(admission.state)
    })
  }
}

/** What Socket.IO sends as `connect_error`. */
function refused(error: ErrorBody): Error {
  return Object.assign(new Error(error.code), { data: error })
}
