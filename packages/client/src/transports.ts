/** Holds the transports: the present one, the one that is to take its place, and the one before, which only finishes. Performs; decides nothing. */
import { BOUNDS } from './bounds.ts'
import type { Clock, Timer } from './clock.ts'
import type { Credentials } from './credentials.ts'
import type { Link, LinkParts } from './link.ts'

/** One try to connect, and the link that it led to. */
export interface Transport {
  readonly link: Link | undefined
  /** What was shown at the door. */
  readonly shown: Credentials | undefined
}

export type LinkDetails = Omit<LinkParts, 'pollingFirst' | 'ackTimeoutMs'>

export interface TransportsParts {
  readonly clock: Clock
  open(parts: LinkParts): Link
  /** Undefined: they cannot be had now. */
  credentials(): Promise<Credentials | undefined>
  /** What is said and heard on a link, asked for at the moment of opening: the cursors are in it. */
  details(transport: Transport, shown: Credentials): LinkDetails
  /** There was nothing to show at the door. */
  failed(transport: Transport): void
  /** The present one does not answer. */
  silent(): void
}

interface Try extends Transport {
  link: Link | undefined
  shown: Credentials | undefined
  isOver: boolean
}

export class Transports {
  readonly #parts: TransportsParts
  #present: Try | undefined
  #next: Try | undefined
  #before: Try | undefined
  #probe: Timer | undefined

  constructor(parts: TransportsParts) {
    this.#parts = parts
  }

  get present(): Transport | undefined {
    return this.#present
  }

  get next(): Transport | undefined {
    return this.#next
  }

  connect(pollingFirst: boolean): void {
    end(this.#present)
    this.#present = this.#begin(pollingFirst)
  }

  prepare(pollingFirst: boolean): void {
    end(this.#next)
    this.#next = this.#begin(pollingFirst)
  }

  /** The one before answers what it was asked, and closes by itself: an edit that is under way is not told that its outcome is unknown. */
  adopt(): void {
    this.#endProbe()
    end(this.#before)
    this.#before = this.#present
    this.#before?.link?.retire()
    this.#present = this.#next
    this.#next = undefined
  }

  abandon(): void {
    end(this.#next)
    this.#next = undefined
  }

  disconnect(): void {
    this.#endProbe()
    for (const one of [this.#before, this.#next, this.#present]) end(one)
    this.#before = undefined
    this.#next = undefined
    this.#present = undefined
  }

  /** A request that changes nothing: whoever is there answers it. */
  probe(): void {
    const asked = this.#present
    if (!asked?.link || this.#probe) return
    const silent = (): void => {
      if (this.#present !== asked || !this.#probe) return
      this.#endProbe()
      this.#parts.silent()
    }
    this.#probe = this.#parts.clock.after(BOUNDS.probeMsMax, silent)
    asked.link.request('sync', { open: {}, close: [] }, (answer) => {
      if (this.#present !== asked) return
      if (answer) this.#endProbe()
      else silent()
    })
  }

  #endProbe(): void {
    this.#probe?.cancel()
    this.#probe = undefined
  }

  #begin(pollingFirst: boolean): Try {
    const one: Try = { link: undefined, shown: undefined, isOver: false }
    void this.#open(one, pollingFirst)
    return one
  }

  async #open(one: Try, pollingFirst: boolean): Promise<void> {
    const { credentials, details, failed, open } = this.#parts
    const shown = await credentials()
    if (one.isOver) return
    if (!shown) return failed(one)
    one.shown = shown
    const ackTimeoutMs = BOUNDS.ackTimeoutMs
    one.link = open({ ...details(one, shown), pollingFirst, ackTimeoutMs })
  }
}

/** Also a try that has not come as far as a link. */
function end(one: Try | undefined): void {
  if (!one) return
  one.isOver = true
  one.link?.close()
}
