/** The directory of nodes: who serves from this database, and where they reach each other. */
import type { Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'

export const nodesSchema: Migration = {
  async up(db: Kysely<unknown>) {
    await db.schema
      .createTable('nodes')
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('address', 'text', (column) => column.notNull())
      .addColumn('secret', 'text', (column) => column.notNull())
      .addColumn('seen_at', 'bigint', (column) => column.notNull())
      .execute()
  },
}
