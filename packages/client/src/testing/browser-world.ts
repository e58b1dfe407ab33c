/** A browser without a browser: pages that close, crash, freeze and wake, their locks, their air and their worker, at a server that answers. */
import type { UpRequest } from '@madang/protocol'
import { createClient } from '../create-client.ts'
import type { Environment } from '../environment.ts'
import type { LinkParts, Listener, OpenLink } from '../link.ts'
import { memoryStorage } from '../storage.ts'
import { createTabClient, type MakeClient } from '../tabs/index.ts'
import type { Air } from '../tabs/leader-way.ts'
import type { PageParts } from '../tabs/page.ts'
import { serveTabs } from '../tabs/worker.ts'
import type { Port, Worker } from '../tabs/worker-way.ts'
import type { ChannelHandle, Client } from '../types.ts'
import { FakeClock, fakeEnvironment, settled } from './fake-environment.ts'
import { FakeLocks } from './fake-locks.ts'
import { ANN, type FakeConnection, FakeServer, myChannel } from './fake-server.ts'
import { CHANNEL, ModelLog } from './model-log.ts'
import { Realm } from './realm.ts'

/** The server looks for what was asked this often, in ms. */
const SERVE_MS = 5

type Heard = (event: { readonly data: unknown }) => void

/** What every message between realms goes through: a copy, as over the real ways. */
class FakePost {
  readonly #realm: Realm
  readonly #heard: Heard[] = []
  isClosed = false

  constructor(realm: Realm) {
    this.#realm = realm
  }

  addEventListener(name: string, heard: Heard): void {
    if (name === 'message') this.#heard.push(heard)
  }

  deliver(message: unknown): void {
    const data: unknown = structuredClone(message)
    queueMicrotask(() =>
      this.#realm.run(() => {
        if (!this.isClosed) for (const heard of this.#heard) heard({ data })
      }),
    )
  }
}

export interface BrowserTab {
  readonly realm: Realm
  readonly client: Client
  readonly channel: ChannelHandle
  readonly page: PageParts
}

export class BrowserWorld {
  readonly clock = new FakeClock()
  readonly locks = new FakeLocks()
  readonly log = new ModelLog()
  readonly server = new FakeServer()
  readonly dice: () => number
  readonly mode: 'worker' | 'leader' | 'alone'
  workers: 'there' | 'none' | 'mute' = 'there'
  /** Everything that was asked of the server. */
  readonly asked: { readonly name: string; readonly payload: unknown }[] = []
  tabs: BrowserTab[] = []
  worker: { readonly realm: Realm; connect(port: Port): void } | undefined
  /** What was said to the server by a page that had lost the lead. */
  readonly stray: string[] = []
  readonly #storage = memoryStorage()
  readonly #air = new Set<FakePost>()
  readonly #owners = new Map<FakeConnection, Realm>()
  readonly #greeted = new Set<FakeConnection>()
  /** Answers of the server get lost. */
  losing = false
  /** The server is there, and answers nothing: until it does. */
  #isSlow = false
  #ids = 0

  constructor(mode: 'worker' | 'leader' | 'alone', dice: () => number) {
    this.mode = mode
    this.dice = dice
  }

  /** Connections that the server holds. */
  get connections(): readonly FakeConnection[] {
    return this.server.connections.filter((one) => !one.isClosed)
  }

  openTab(): BrowserTab {
    const realm = new Realm(this.#newId(), this.dice)
    const environment = this.#environment(realm)
    let page: PageParts | undefined
    const client = createTabClient(
      {
        build: 'b1',
        ...(this.mode === 'worker' && { startWorker: () => this.#reachWorker(realm) }),
        makeClient: this.#makeClient,
      },
      {
        world: { environment, openLink: this.#openLink(realm) },
        locks: this.mode === 'alone' ? undefined : this.locks.of(realm),
        openAir: () => this.#openAir(realm),
        watchPage: (parts) => {
          page = parts
          return () => {}
        },
      },
    )
    const channel = client.open(CHANNEL)
    client.start()
    if (!page) throw new Error('the page is not watched')
    const tab: BrowserTab = { realm, client, channel, page }
    this.tabs.push(tab)
    return tab
  }

  /** As a person closes it: the page is told. */
  close(tab: BrowserTab): void {
    tab.realm.run(() => tab.page.away())
    this.kill(tab.realm)
  }

  /** As a crash: nobody is told. */
  kill(realm: Realm): void {
    realm.state = 'dead'
    this.tabs = this.tabs.filter((tab) => tab.realm !== realm)
    this.locks.dead(realm)
    for (const [connection, owner] of this.#owners) if (owner === realm) connection.isClosed = true
  }

  killWorker(): void {
    if (this.worker) this.kill(this.worker.realm)
    this.worker = undefined
  }

  leader(): BrowserTab | undefined {
    const name = this.locks.names().find((one) => one.startsWith('madang tabs '))
    const realm = name === undefined ? undefined : this.locks.holder(name)
    return this.tabs.find((tab) => tab.realm === realm)
  }

  async end(): Promise<void> {
    for (const tab of this.tabs) tab.realm.wake()
    await Promise.all(this.tabs.map((tab) => tab.client.stop()))
    await settled()
  }

  #newId(): string {
    this.#ids += 1
    return `id${this.#ids}`
  }

  #environment(realm: Realm): Environment {
    return {
      ...fakeEnvironment(),
      clock: realm.clock(this.clock),
      dice: this.dice,
      newId: () => this.#newId(),
    }
  }

  readonly #makeClient: MakeClient = (world) => createClient({ storage: this.#storage }, world)

  #openAir(realm: Realm): Air {
    const post = new FakePost(realm)
    this.#air.add(post)
    return {
      addEventListener: (name, heard) => post.addEventListener(name, heard),
      postMessage: (message) => {
        if (post.isClosed) throw new Error('the channel is closed')
        for (const other of this.#air) if (other !== post) other.deliver(message)
      },
      close: () => {
        post.isClosed = true
        this.#air.delete(post)
      },
    }
  }

  #reachWorker(realm: Realm): Worker {
    if (this.workers === 'none') throw new Error('no workers here')
    this.worker ??= this.#startWorker()
    const [near, far] = [new FakePost(realm), new FakePost(this.worker.realm)]
    this.worker.connect(portOf(far, near))
    return { port: portOf(near, far), addEventListener: () => {} }
  }

  #startWorker(): NonNullable<BrowserWorld['worker']> {
    const realm = new Realm('worker', this.dice)
    if (this.workers === 'mute') realm.state = 'dead'
    let connect: (event: { readonly ports: readonly unknown[] }) => void = () => {}
    const scope = {
      addEventListener: (_name: 'connect', connected: typeof connect): void => {
        connect = connected
      },
    }
    const world = { environment: this.#environment(realm), openLink: this.#openLink(realm) }
    serveTabs(scope, this.#makeClient, { world, locks: this.locks.of(realm) })
    return { realm, connect: (port) => connect({ ports: [port] }) }
  }

  #openLink(realm: Realm): OpenLink {
    return (parts) => {
      const link = this.server.openLink(gated(realm, parts))
      this.#owners.set(this.server.now, realm)
      this.#serveLater()
      const request = link.request.bind(link)
      link.request = (name, payload, answered) => {
        const leads = this.mode !== 'leader' || this.leader()?.realm === realm
        if (!leads) this.stray.push(name)
        request(name, payload, (answer) => realm.run(() => answered(answer)))
        this.#serveLater()
      }
      return link
    }
  }

  #serveLater(): void {
    this.clock.after(SERVE_MS, () => this.#serve())
  }

  setSlow(isSlow: boolean): void {
    this.#isSlow = isSlow
    this.#serve()
  }

  #serve(): void {
    if (this.#isSlow) return
    for (const connection of this.connections) {
      if (!this.#greeted.has(connection)) this.#greet(connection)
      for (const request of connection.requests.splice(0)) {
        const { name, payload } = request
        this.asked.push({ name, payload })
        const answer = this.#answer(name, payload)
        if (!this.losing) request.answer(answer)
      }
    }
  }

  #greet(connection: FakeConnection): void {
    this.#greeted.add(connection)
    const cursor = connection.parts.greeting.cursors[CHANNEL]
    const { head } = this.log
    connection.ready({
      channels: [myChannel(CHANNEL, { head, messages: head })],
      open: cursor === undefined ? [] : [CHANNEL],
      replays: cursor === undefined ? [] : [this.log.replay(cursor?.seq, 1_000)],
    })
  }

  #answer(name: string, payload: unknown): object {
    if (name === 'sync') {
      const { open } = payload as { open: Record<string, { seq: number } | null> }
      const logOf = (id: string) => (id === CHANNEL ? this.log : new ModelLog(id))
      const replays = Object.entries(open).map(([id, at]) => logOf(id).replay(at?.seq, 1_000))
      return { ok: true, replays }
    }
    if (name === 'history') {
      const { before, after = 0, limit = 50 } = payload as UpRequest<'history'>
      return { ok: true, ...this.log.asked(before === undefined ? { after } : { before }, limit) }
    }
    if (name !== 'send') return { ok: true, cursor: 0, unread: 0, events: [], more: false }
    const { clientId, text } = payload as { clientId: string; text: string }
    const before = this.log.head
    const event = this.log.send({ clientId, text, by: { id: ANN.id, name: ANN.name } })
    if (this.log.head > before) {
      for (const connection of this.connections) connection.say('event', event)
    }
    return { ok: true, id: event.id, seq: event.seq, createdAt: event.createdAt }
  }
}

function portOf(near: FakePost, far: FakePost): Port {
  return {
    start: () => {},
    close: () => {
      near.isClosed = true
    },
    postMessage: (message) => far.deliver(message),
    addEventListener: (name: 'message' | 'close', heard: Heard | (() => void)) =>
      near.addEventListener(name, heard),
  }
}

function gated(realm: Realm, parts: LinkParts): LinkParts {
  const listener = Object.fromEntries(
    Object.entries(parts.listener).map(([name, heard]) => [
      name,
      (payload: unknown) => realm.run(() => heard(payload as never)),
    ]),
  ) as Listener
  return {
    ...parts,
    listener,
    refused: (error) => realm.run(() => parts.refused(error)),
    closed: (reason) => realm.run(() => parts.closed(reason)),
  }
}
