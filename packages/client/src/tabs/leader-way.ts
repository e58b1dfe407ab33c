/**
 * The way where there is no SharedWorker: one tab leads and holds the client, the others speak to it over a BroadcastChannel.
 *
 * A Web Lock says who leads. It is free the moment its tab closes or crashes, and whoever waits for it leads next. A leader that
 * does not answer loses it to the first who misses it; when it wakes, it has to find out before it says anything (`fence.ts`).
 */
import type { Timer } from '../clock.ts'
import type { World } from '../create-client.ts'
import { type Environment, systemEnvironment } from '../environment.ts'
import { openSocket } from '../socket.ts'
import { TAB_BOUNDS } from './bounds.ts'
import { Fence } from './fence.ts'
import { HostClient, type MakeClient } from './host-client.ts'
import type { TabLocks } from './locks.ts'
import type { ToHost, ToTab } from './messages.ts'
import type { OpenWay, Way, WayParts } from './way.ts'

/** What is needed of a BroadcastChannel. */
export interface Air {
  postMessage(message: unknown): void
  addEventListener(name: 'message', heard: (event: { readonly data: unknown }) => void): void
  close(): void
}

export interface LeaderParts {
  /** Of the channel and of the lock; the same in all tabs that may lead each other. */
  readonly name: string
  readonly tab: string
  /** The Web Lock that this tab holds. */
  readonly lock: string
  readonly locks: TabLocks
  readonly openAir: (name: string) => Air
  readonly makeClient: MakeClient
  readonly world?: World
}

/** What goes over the air: everybody hears it, and takes what is meant for them. */
type Envelope =
  | { readonly to: 'host'; readonly message: ToHost }
  | { readonly to: 'all' | readonly string[]; readonly message: ToTab }

export const leaderWay =
  (parts: LeaderParts): OpenWay =>
  (way) =>
    new LeaderWay(parts, way)

class LeaderWay implements Way {
  readonly #parts: LeaderParts
  readonly #environment: Environment
  readonly #air: Air
  /** Ends the present wait for the lock. */
  #campaign: AbortController | undefined
  #resign: (() => void) | undefined
  #host: HostClient | undefined
  #stop: (() => Promise<void>) | undefined
  /** Until the lead is taken by force. */
  #patience: Timer | undefined
  #isClosed = false
  #stopping: Promise<void> = Promise.resolve()

  constructor(parts: LeaderParts, { heard }: WayParts) {
    this.#parts = parts
    this.#environment = parts.world?.environment ?? systemEnvironment
    this.#air = parts.openAir(parts.name)
    this.#air.addEventListener('message', ({ data }) => {
      const { to, message } = data as Envelope
      if (to === 'host' || this.#isClosed) return
      if (to !== 'all' && !to.includes(parts.tab)) return
      this.#patience?.cancel()
      heard(message)
    })
    void this.#run(false)
  }

  post(message: ToHost): void {
    this.#air.postMessage({ to: 'host', message } satisfies Envelope)
  }

  /** Takes the lead by force, unless somebody else does first: not all tabs at the same moment. */
  seek(): void {
    const { clock, dice } = this.#environment
    this.#patience?.cancel()
    this.#patience = clock.after(dice() * TAB_BOUNDS.stealMsMax, () => {
      // Whoever leads and does not hear its own tab is deaf to all.
      this.#giveUp()
      void this.#run(true)
    })
  }

  async close(): Promise<void> {
    this.#isClosed = true
    this.#patience?.cancel()
    this.#giveUp()
    this.#air.close()
    await this.#stopping
  }

  /** Waits for its turn, leads, and waits again where the lead was taken away. */
  async #run(steal: boolean): Promise<void> {
    const campaign = new AbortController()
    this.#campaign = campaign
    const { name, locks } = this.#parts
    let force = steal
    while (this.#campaign === campaign && !campaign.signal.aborted) {
      let leads: (() => void) | undefined
      await locks.lead(name, { steal: force, signal: campaign.signal }, async () => {
        if (campaign.signal.aborted) return
        await new Promise<void>((resolve) => {
          leads = resolve
          this.#lead(resolve)
        })
      })
      // Taken away: whoever has it now leads.
      if (leads && this.#resign === leads) this.#stopHosting()
      leads?.()
      force = false
    }
  }

  #lead(resign: () => void): void {
    this.#stopHosting()
    const { makeClient, openAir, name, lock, locks, world = {} } = this.#parts
    const environment = this.#environment
    const air = openAir(name)
    const fence = new Fence({
      clock: environment.clock,
      leads: () => locks.sameHolder(name, lock),
      lost: () => {
        this.#giveUp()
        void this.#run(false)
      },
    })
    const openLink = fence.guarded(world.openLink ?? openSocket)
    const host = new HostClient({
      makeClient,
      world: { environment, openLink },
      post: (to, message) => air.postMessage({ to, message } satisfies Envelope),
      watch: (_tab, held, gone) => (held === undefined ? () => {} : locks.whenFree(held, gone)),
    })
    air.addEventListener('message', ({ data }) => {
      const { to, message } = data as Envelope
      if (to === 'host' && this.#host === host) host.heard(message)
    })
    const stop = async (): Promise<void> => {
      fence.stop()
      await host.stop()
      air.close()
    }
    this.#host = host
    this.#resign = resign
    this.#stop = stop
    air.postMessage({ to: 'all', message: { kind: 'hosting', host: host.name } } satisfies Envelope)
  }

  /** Stops waiting for the lead, and gives it back where it is ours. */
  #giveUp(): void {
    const resign = this.#resign
    this.#campaign?.abort()
    this.#stopHosting()
    resign?.()
  }

  #stopHosting(): void {
    const stop = this.#stop
    this.#stop = undefined
    this.#host = undefined
    this.#resign = undefined
    if (stop) this.#stopping = Promise.all([this.#stopping, stop()]).then(() => {})
  }
}
