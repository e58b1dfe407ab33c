/** Numbers the changes of each membership of a community, and lets the numbers of a person be added up from indexes alone. */
import type { Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'

export const placeVersions: Migration = {
  async up(db: Kysely<unknown>) {
    await db.schema
      .alterTable('community_members')
      .addColumn('rev', 'bigint', (column) => column.notNull().defaultTo(1))
      .execute()
    // In place of those that have the person alone.
    await db.schema.dropIndex('community_members_by_person').execute()
    await db.schema
      .createIndex('community_members_by_person')
      .on('community_members')
      .columns(['person_id', 'rev'])
      .execute()
    await db.schema.dropIndex('channel_members_by_person').execute()
    await db.schema
      .createIndex('channel_members_by_person')
      .on('channel_members')
      .columns(['person_id', 'last_seq'])
      .execute()
  },
}
