/** `madang user`: who is there, and what they are called. */
import type { PersonRecord, Store } from '../../store/store.ts'
import { type Command, EXITS, Failure, type Given, textOf } from '../command.ts'
import { findPerson } from '../find-person.ts'
import { table } from '../table.ts'

const limitUsual = 100
const limitMax = 10_000

export const user: Command = {
  name: 'user',
  summary: 'Lists people, and renames one.',
  usage: 'list [<text>] | rename <person> <name>',
  details: [
    'The text is an id, a login, or a part of a name. A person who signs in by a token of another system gets the name of the token back with the next one.',
  ],
  flags: {
    limit: {
      type: 'string',
      value: 'number',
      about: `How many are listed; ${limitUsual} unless given.`,
    },
    after: { type: 'string', value: 'id', about: 'Goes on with the list after this person.' },
    json: { type: 'boolean', about: 'Prints JSON, a line for each person.' },
  },
  words: { min: 1, max: 3 },
  async run(given, around) {
    const act = actOf(given)
    if (act === undefined) {
      throw new Failure('Say: madang user list [<text>], or rename <person> <name>.', 'usage')
    }
    // Not before it is needed: whoever asks for help is answered at once.
    const { configOf, withStore } = await import('../open-store.ts')
    around.out(await withStore(configOf(around), act))
    return EXITS.done.code
  },
}

function actOf(given: Given): ((store: Store) => Promise<string>) | undefined {
  const [verb, first, second] = given.words
  if (verb === 'list' && second === undefined) return (store) => list(store, given, first)
  if (verb !== 'rename' || first === undefined || second === undefined) return undefined
  return (store) => rename(store, first, second)
}

async function list(store: Store, given: Given, text: string | undefined): Promise<string> {
  const limit = Number(textOf(given, 'limit') ?? limitUsual)
  if (!Number.isInteger(limit) || limit < 1 || limit > limitMax) {
    throw new Failure(`--limit is a whole number from 1 to ${limitMax}.`, 'usage')
  }
  const after = textOf(given, 'after')
  const found = await store.persons({
    limit,
    ...(text !== undefined && { text }),
    ...(after !== undefined && { after }),
  })
  if (given.flags.json === true) return found.map((each) => `${JSON.stringify(each)}\n`).join('')
  return peopleTable(found)
}

async function rename(store: Store, who: string, wanted: string): Promise<string> {
  const { Name } = await import('@madang/protocol')
  const name = Name.safeParse(wanted.normalize('NFC'))
  if (!name.success) throw new Failure('That is no name: one line with something to see in it.')
  const { person } = await findPerson(store, who)
  await store.changePerson(person.id, { name: name.data })
  return `${person.name} (${person.id}) is called ${name.data} now.\n`
}

export function peopleTable(people: readonly PersonRecord[]): string {
  return table(
    ['ID', 'KIND', 'LOGIN', 'OPERATOR', 'SINCE', 'NAME'],
    people.map(({ person, login, operator, createdAt }) => [
      person.id,
      person.kind,
      login ?? '-',
      operator ? 'yes' : '-',
      new Date(createdAt).toISOString().slice(0, 10),
      person.name,
    ]),
  )
}
