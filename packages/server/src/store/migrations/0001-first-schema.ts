/** The first schema: people, places, memberships, cursors and the log. */
import { type Kysely, sql } from 'kysely'
import type { Migration } from 'kysely/migration'

async function people(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('persons')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('kind', 'text', (column) => column.notNull())
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addColumn('login', 'text', (column) => column.unique())
    .addColumn('password_hash', 'text')
    .addColumn('external_id', 'text', (column) => column.unique())
    .execute()
  await db.schema
    .createTable('sessions')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('person_id', 'text', (column) => column.notNull().references('persons.id'))
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addColumn('expires_at', 'bigint', (column) => column.notNull())
    .execute()
  await db.schema.createIndex('sessions_by_expiry').on('sessions').columns(['expires_at']).execute()
}

async function communities(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('communities')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('visibility', 'text', (column) => column.notNull())
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .execute()
  await db.schema
    .createIndex('communities_public_by_name')
    .on('communities')
    .columns(['name', 'id'])
    .where(sql.ref('visibility'), '=', 'public')
    .execute()
  await db.schema
    .createTable('community_members')
    .addColumn('community_id', 'text', (column) => column.notNull().references('communities.id'))
    .addColumn('person_id', 'text', (column) => column.notNull().references('persons.id'))
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('role', 'text')
    .addColumn('banned', 'integer', (column) => column.notNull())
    .addColumn('joined_at', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('community_members_pk', ['community_id', 'person_id'])
    .execute()
  await db.schema
    .createIndex('community_members_by_name')
    .on('community_members')
    .columns(['community_id', 'name', 'person_id'])
    .where(sql.ref('role'), 'is not', null)
    .execute()
  await db.schema
    .createIndex('community_members_by_person')
    .on('community_members')
    .columns(['person_id'])
    .execute()
}

async function channels(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('channels')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('community_id', 'text', (column) => column.notNull().references('communities.id'))
    .addColumn('kind', 'text', (column) => column.notNull())
    .addColumn('visibility', 'text', (column) => column.notNull())
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('topic', 'text', (column) => column.notNull())
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addColumn('key', 'text')
    .addColumn('epoch', 'text', (column) => column.notNull())
    .addColumn('head', 'bigint', (column) => column.notNull())
    .addColumn('messages', 'bigint', (column) => column.notNull())
    .addColumn('renamed_seq', 'bigint')
    .addUniqueConstraint('channels_key', ['community_id', 'key'])
    .execute()
  await db.schema
    .createTable('channel_members')
    .addColumn('channel_id', 'text', (column) => column.notNull().references('channels.id'))
    .addColumn('person_id', 'text', (column) => column.notNull().references('persons.id'))
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('role', 'text')
    .addColumn('banned', 'integer', (column) => column.notNull())
    .addColumn('joined_at', 'bigint', (column) => column.notNull())
    .addColumn('last_seq', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('channel_members_pk', ['channel_id', 'person_id'])
    .execute()
  await db.schema
    .createIndex('channel_members_by_name')
    .on('channel_members')
    .columns(['channel_id', 'name', 'person_id'])
    .where(sql.ref('role'), 'is not', null)
    .execute()
  await db.schema
    .createIndex('channel_members_by_person')
    .on('channel_members')
    .columns(['person_id'])
    .execute()
}

async function log(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('events')
    .addColumn('channel_id', 'text', (column) => column.notNull())
    .addColumn('seq', 'bigint', (column) => column.notNull())
    .addColumn('id', 'text', (column) => column.notNull())
    .addColumn('kind', 'text', (column) => column.notNull())
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addColumn('author_id', 'text', (column) => column.notNull())
    .addColumn('author_name', 'text', (column) => column.notNull())
    .addColumn('client_id', 'text')
    .addColumn('lane', 'text')
    .addColumn('text', 'text')
    .addColumn('target', 'bigint')
    .addColumn('subject_id', 'text')
    .addColumn('subject_name', 'text')
    .addColumn('role', 'text')
    .addColumn('reason', 'text')
    .addColumn('name', 'text')
    .addColumn('topic', 'text')
    .addColumn('question', 'text')
    .addColumn('edited_at', 'bigint')
    .addColumn('deleted_at', 'bigint')
    .addColumn('rev', 'bigint')
    .addColumn('question_seq', 'bigint')
    .addPrimaryKeyConstraint('events_pk', ['channel_id', 'seq'])
    .execute()
  await db.schema
    .createIndex('events_once')
    .unique()
    .on('events')
    .columns(['client_id', 'author_id'])
    .where('client_id', 'is not', null)
    .execute()
  // Unread counts read nothing but this index.
  await db.schema
    .createIndex('events_countable')
    .on('events')
    .columns(['channel_id', 'seq'])
    .where(sql.ref('kind'), '=', 'created')
    .where(sql.ref('deleted_at'), 'is', null)
    .execute()
  // Deleting a message finds its edits here.
  await db.schema
    .createIndex('events_of_target')
    .on('events')
    .columns(['channel_id', 'target'])
    .where('target', 'is not', null)
    .execute()
  await db.schema
    .createTable('cursors')
    .addColumn('person_id', 'text', (column) => column.notNull())
    .addColumn('channel_id', 'text', (column) => column.notNull())
    .addColumn('seq', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('cursors_pk', ['person_id', 'channel_id'])
    .execute()
}

export const firstSchema: Migration = {
  async up(db: Kysely<unknown>) {
    await people(db)
    await communities(db)
    await channels(db)
    await log(db)
  },
}
