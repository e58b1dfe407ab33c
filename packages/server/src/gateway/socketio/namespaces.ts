/** Serves many namespaces by one: each name is an alias that lives as long as the sockets which came under it, so that what nobody may enter is never made and nothing is left behind. */
import type { Namespace, Server } from 'socket.io'

/**
 * Socket.IO keeps a namespace for each name that was ever asked for, with an adapter of its own, from before anybody was authenticated; removing it again races with those who
 * are just coming. An alias is the main namespace under another name: it shares its sockets, middleware and listeners, and nobody but its sockets holds it.
 */
export function serveAliases(io: Server, serves: (name: string) => boolean): void {
  io._nsps = new Names(io._nsps, io.sockets, serves)
}

class Names extends Map<string, Namespace> {
  readonly #main: Namespace
  readonly #serves: (name: string) => boolean

  constructor(
    names: ReadonlyMap<string, Namespace>,
    main: Namespace,
    serves: (name: string) => boolean,
  ) {
    super()
    for (const [name, namespace] of names) this.set(name, namespace)
    this.#main = main
    this.#serves = serves
  }

  override has(name: string): boolean {
    return super.has(name) || this.#serves(name)
  }

  override get(name: string): Namespace | undefined {
    return super.get(name) ?? (this.#serves(name) ? aliasOf(this.#main, name) : undefined)
  }
}

function aliasOf(main: Namespace, name: string): Namespace {
  const alias: Namespace = Object.create(main, { name: { value: name, enumerable: true } })
  return alias
}
