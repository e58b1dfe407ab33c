/** What the handler of one request is given. */
import type { UpName, UpRequest, UpResult } from '@madang/protocol'
import type { Core } from '../../core/core.ts'
import type { Digesting } from '../digesting.ts'
import type { Observers } from '../observers.ts'
import type { Opening } from '../opening.ts'
import type { Seats } from '../seats.ts'
import type { Session } from '../session.ts'
import type { Settings } from '../settings.ts'
import type { Typing } from '../typing.ts'

export interface Call<N extends UpName> {
  readonly session: Session
  readonly request: UpRequest<N>
  /** To be called once, with what the request came to. Whatever the handler throws is answered for it. */
  readonly answer: (result: UpResult<N>) => void
}

/** The parts that handlers work with. */
export interface Desk {
  readonly core: Core
  readonly seats: Seats
  readonly opening: Opening
  readonly digesting: Digesting
  readonly typing: Typing
  readonly observers: Observers
  readonly settings: Settings
}

/** Rejects with `Refusal` or `StoreError`, or with what is an error of ours. Whatever is to keep its order is asked of core before the first wait. */
export type Handler<N extends UpName> = (desk: Desk, call: Call<N>) => Promise<void>

export type Handlers = { readonly [N in UpName]: Handler<N> }
