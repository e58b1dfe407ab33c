/** `madang operator`: who may see and steer the whole installation. */
import type { Store } from '../../store/store.ts'
import { type Command, EXITS, Failure } from '../command.ts'
import { findPerson } from '../find-person.ts'
import { peopleTable } from './user.ts'

export const operator: Command = {
  name: 'operator',
  summary: 'Makes somebody an operator, or no longer one, and lists who is.',
  usage: 'add <person> | remove <person> | list',
  details: [
    'Operators see the page /ops and use /api/ops. Nobody is one until this command makes the first. A person is named by id, by login, or by a name that nobody else has; it counts at once, on all nodes.',
  ],
  flags: {},
  words: { min: 1, max: 2 },
  async run({ words: [verb, who] }, around) {
    const act = verbs[verb ?? '']
    if (act === undefined || (verb === 'list') !== (who === undefined)) {
      throw new Failure('Say: madang operator add <person>, remove <person>, or list.', 'usage')
    }
    // Not before it is needed: whoever asks for help is answered at once.
    const { configOf, withStore } = await import('../open-store.ts')
    around.out(await withStore(configOf(around), (store) => act(store, who ?? '')))
    return EXITS.done.code
  },
}

const verbs: Readonly<Record<string, (store: Store, who: string) => Promise<string>>> = {
  add: (store, who) => change(store, who, true),
  remove: (store, who) => change(store, who, false),
  async list(store) {
    const found = await store.persons({ operators: true, limit: 1_000 })
    return found.length === 0
      ? 'Nobody is an operator. `madang operator add <person>` makes the first.\n'
      : peopleTable(found)
  },
}

async function change(store: Store, who: string, isOne: boolean): Promise<string> {
  const { person } = await findPerson(store, who)
  await store.changePerson(person.id, { operator: isOne })
  return `${person.name} (${person.id}) is ${isOne ? 'an operator' : 'no operator any more'}.\n`
}
