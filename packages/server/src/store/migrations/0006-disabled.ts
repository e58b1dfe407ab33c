/** Who is kept out of the whole installation, until an operator lets them in again. */
import type { Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'

export const disabled: Migration = {
  async up(db: Kysely<unknown>) {
    await db.schema
      .alterTable('persons')
      .addColumn('disabled', 'integer', (column) => column.notNull().defaultTo(0))
      .execute()
  },
}
