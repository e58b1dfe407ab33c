/** Reads what Socket.IO made of an event packet as one request. */
import { type ErrorBody, errorBody } from '@madang/protocol'
import { deeperThan } from '../depth.ts'

type Acknowledge = (answer: object) => void

export type Call =
  | {
      readonly event: string
      readonly args: readonly unknown[]
      readonly acknowledge: Acknowledge
    }
  | { readonly error: ErrorBody; readonly acknowledge: Acknowledge }

/** `args`: the event's name, its arguments, and last, where the client wants an answer, the function to give it. JSON has no functions, so a client cannot fake one. */
export function readCall(args: readonly unknown[], depthMax: number): Call {
  const last = args.at(-1)
  const asked = typeof last === 'function'
  const acknowledge: Acknowledge = asked ? (answer) => void last(answer) : () => {}
  const [event, ...payloads] = asked ? args.slice(0, -1) : args
  if (typeof event !== 'string') return { error: errorBody('invalid'), acknowledge }
  if (payloads.some((payload) => deeperThan(payload, depthMax))) {
    return { error: errorBody('too_deep'), acknowledge }
  }
  return { event, args: payloads, acknowledge }
}
