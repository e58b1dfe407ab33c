/** Who may see and steer the whole installation: nobody, until the first is made from the command line. */
import type { Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'

export const operators: Migration = {
  async up(db: Kysely<unknown>) {
    await db.schema
      .alterTable('persons')
      .addColumn('operator', 'integer', (column) => column.notNull().defaultTo(0))
      .execute()
  },
}
