/** `madang migrate`: brings the database to the schema of this version. */
import { type Command, EXITS } from '../command.ts'

export const migrate: Command = {
  name: 'migrate',
  summary: 'Brings the database to the schema of this version, and makes it where it is not there.',
  usage: '',
  details: [
    'The server does the same when it starts. Running it twice is running it once; a database of a newer version is refused.',
  ],
  flags: {},
  words: { min: 0, max: 0 },
  async run(_, around) {
    // Not before it is needed: whoever asks for help is answered at once.
    const { migrateStore } = await import('../migrate-store.ts')
    around.out(await migrateStore(around))
    return EXITS.done.code
  },
}
