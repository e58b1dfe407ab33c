/** Clients with one thing wrong: the source of one module is changed while it is loaded, and whoever judges runs has to find it. */
import { registerHooks } from 'node:module'
import type { CreateClient } from './ours.ts'

export interface ClientMutant {
  /** Of the client's own files. */
  readonly file: string
  /** As it stands there, once. */
  readonly find: string
  readonly put: string
  /** The invariants of which at least one is broken. */
  readonly breaks: readonly string[]
  /** Within so many small seeds, beginning with this one or 1. */
  readonly seedsMax: number
  readonly from?: number
}

export const CLIENT_MUTANTS: Readonly<Record<string, ClientMutant>> = {
  'what is sent again has another client id': {
    file: 'outbox.ts',
    find: "{ ...one, state: 'queued', backoffUntil: 0 }",
    put: "{ ...one, draft: { ...one.draft, clientId: one.draft.clientId + 'x' }, state: 'queued', backoffUntil: 0 }",
    breaks: ['I1', 'I2', 'I8'],
    seedsMax: 40,
  },
  'messages of one channel do not wait for each other': {
    file: 'outbox.ts',
    find: 'passed.add(one.draft.channelId)',
    put: '',
    breaks: ['I3'],
    seedsMax: 100,
  },
  'what storage kept is not sent after a reload': {
    file: 'outbox.ts',
    find: 'entries: [...stored, ...state.entries]',
    put: 'entries: state.entries',
    breaks: ['I8'],
    seedsMax: 100,
  },
  'a hole is accepted': {
    file: 'timeline.ts',
    find: 'if (!window || event.seq > window.last + 1) return withHeld(timeline, event)',
    put: 'if (!window) return withHeld(timeline, event)',
    breaks: ['I5'],
    seedsMax: 30,
    from: 140,
  },
  'what is known already is shown again': {
    file: 'timeline.ts',
    find: 'if (window && event.seq <= window.last) return timeline',
    put: '',
    breaks: ['I6', 'I9'],
    seedsMax: 200,
    from: 1_250,
  },
  'a deleted text stays': {
    file: 'timeline-row.ts',
    find: ': { text: null }',
    put: ': {}',
    breaks: ['I9'],
    seedsMax: 40,
  },
  'a channel that is gone stays on the screen': {
    file: 'channel.ts',
    find: 'takeGone(error: ErrorBody): void {\n    this.#become(newTimeline(this.#timeline.self))',
    put: 'takeGone(error: ErrorBody): void {',
    breaks: ['I11'],
    seedsMax: 40,
  },
  'a connection that breaks while online is not missed': {
    file: 'connection.ts',
    find: "    case 'closed':\n      return failed(rested(state, at), at)",
    put: "    case 'closed':\n      return [state, []]",
    breaks: ['I5'],
    seedsMax: 20,
  },
  'what the next connection replays while moving is dropped': {
    file: 'client.ts',
    find: '    this.#channels.takeReady(ready)',
    put: "    if (kind === 'ready') this.#channels.takeReady(ready)",
    breaks: ['I5'],
    seedsMax: 200,
    from: 100,
  },
  'deleted messages count as unread': {
    file: 'timeline.ts',
    find: ' && item.text !== null',
    put: '',
    breaks: ['I10'],
    seedsMax: 200,
  },
  'being behind is not listened to': {
    file: 'client.ts',
    find: 'resume: ({ channelIds }) => this.#channels.takeStale(channelIds),',
    put: 'resume: () => {},',
    breaks: ['I5'],
    seedsMax: 30,
    from: 150,
  },
  'who is invited again stays out': {
    file: 'client.ts',
    find: 'this.#channels.takeMine(channel.id)',
    put: '',
    breaks: ['I5'],
    seedsMax: 200,
  },
}

const MARK = 'mutant'
const SOURCE = /\/packages\/client\/src\//

/** A client of its own modules, one of them changed. Throws where the change finds nothing to change. */
export async function mutantClient({ file, find, put }: ClientMutant): Promise<CreateClient> {
  const door = new URL(import.meta.resolve('@madang/client'))
  door.searchParams.set(MARK, file)
  let changes = 0
  const isOurs = (url: string | undefined) => url?.endsWith(`?${door.searchParams}`) ?? false
  const hooks = registerHooks({
    resolve(specifier, context, next) {
      const found = next(specifier, context)
      if (!isOurs(context.parentURL) || !SOURCE.test(found.url)) return found
      return { ...found, url: `${found.url}?${door.searchParams}` }
    },
    load(url, context, next) {
      const loaded = next(url, context)
      if (!isOurs(url) || !new URL(url).pathname.endsWith(`/client/src/${file}`)) return loaded
      const source = String(loaded.source)
      changes += source.split(find).length - 1
      return { ...loaded, source: source.replace(find, () => put) }
    },
  })
  // Each time anew, or the second mutant of a file would be the first.
  door.searchParams.set('made', String(made++))
  try {
    const module = (await import(door.href)) as { readonly createClient: CreateClient }
    if (changes !== 1) throw new Error(`${file} has ${changes} times: ${find}`)
    return module.createClient
  } finally {
    hooks.deregister()
  }
}

let made = 0
