/** What becomes of one topic at one server: what is wanted, what the server was told, and the one command that is on its way. */

export interface Subscription {
  readonly wanted: boolean
  /** What the server holds, as far as its answers say. */
  readonly told: boolean
  /** The command that was sent and not answered. There is never a second one. */
  readonly asked: Command | undefined
  /** The last command was refused: nothing is sent until `retry`, or until what is wanted changes. */
  readonly resting: boolean
}

export type Command = 'join' | 'leave'

export type SubscriptionEvent =
  | 'want'
  | 'unwant'
  /** The command was carried out. */
  | 'done'
  /** The command was refused. A refused `leave` leaves the subscription as it was. */
  | 'refused'
  /** The server took the subscription away unasked. */
  | 'dropped'
  /** The connection is gone, and with it all that the server knew and the answer to come. */
  | 'lost'
  | 'retry'

export const UNKNOWN: Subscription = {
  wanted: false,
  told: false,
  asked: undefined,
  resting: false,
}

/** What an event makes of a topic. What to send next is `commandOf`'s business. */
export function afterEvent(state: Subscription, event: SubscriptionEvent): Subscription {
  switch (event) {
    case 'want':
      return state.wanted ? state : { ...state, wanted: true, resting: false }
    case 'unwant':
      return state.wanted ? { ...state, wanted: false, resting: false } : state
    case 'done':
      if (state.asked === undefined) return state
      return { ...state, told: state.asked === 'join', asked: undefined, resting: false }
    case 'refused':
      if (state.asked === undefined) return state
      return { ...state, told: state.asked === 'leave', asked: undefined, resting: true }
    case 'dropped':
      // With a command on its way the answer to it, which comes later, says what is true.
      return state.asked === undefined ? { ...state, told: false } : state
    case 'lost':
      return { ...state, told: false, asked: undefined, resting: false }
    case 'retry':
      return state.resting ? { ...state, resting: false } : state
  }
}

/** The command that is due, where any is: never while another one is on its way. */
export function commandOf({ wanted, told, asked, resting }: Subscription): Command | undefined {
  if (asked !== undefined || resting || wanted === told) return undefined
  return wanted ? 'join' : 'leave'
}

/** Whether the server holds what is wanted, and nothing is on its way that changes it. */
export function isSettled({ wanted, told, asked }: Subscription): boolean {
  return wanted === told && asked === undefined
}
