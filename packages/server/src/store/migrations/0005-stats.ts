/** What happened when, and how the nodes were: for operators. */
import type { Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'

export const stats: Migration = {
  async up(db: Kysely<unknown>) {
    await db.schema
      .createTable('stats')
      .addColumn('at', 'bigint', (column) => column.notNull())
      .addColumn('node', 'text', (column) => column.notNull())
      .addColumn('name', 'text', (column) => column.notNull())
      .addColumn('value', 'double precision', (column) => column.notNull())
      .addPrimaryKeyConstraint('stats_pk', ['at', 'node', 'name'])
      .execute()
  },
}
