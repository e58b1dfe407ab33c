/** What many people belong to, in a number of queries that does not depend on how many communities and channels there are. */
import type { Id, MyCommunity } from '@madang/protocol'
import type { Kysely } from 'kysely'
import type { Belongings } from '../places.ts'
import { inChunks } from './chunks.ts'
import { byName, COMMUNITY_COLUMNS } from './communities.ts'
import { readMemberships, readPeers, readWatchable, toMyChannel } from './my-channels.ts'
import { disabledOf } from './people.ts'
import type { Tables } from './tables.ts'
import { placeVersions } from './versions.ts'

async function readCommunities(
  db: Kysely<Tables>,
  personIds: readonly Id[],
): Promise<Map<Id, MyCommunity[]>> {
  const rows = await inChunks(personIds, (ids) =>
    db
      .selectFrom('community_members as member')
      .innerJoin('communities', 'communities.id', 'member.community_id')
      .select([...COMMUNITY_COLUMNS, 'member.role', 'member.person_id'])
      .where('member.person_id', 'in', ids)
      .where('member.role', 'is not', null)
      .execute(),
  )
  const byPerson = new Map<Id, MyCommunity[]>()
  for (const { person_id, id, name, visibility, created_at, role } of rows) {
    const community = { id, name, visibility, createdAt: created_at, role }
    const known = byPerson.get(person_id)
    if (known) known.push(community)
    else byPerson.set(person_id, [community])
  }
  return byPerson
}

export async function belongings(
  db: Kysely<Tables>,
  personIds: readonly Id[],
): Promise<Belongings[]> {
  const ids = [...new Set(personIds)]
  // First, so that whatever changes meanwhile leaves the version older than it.
  const versions = await placeVersions(db, ids)
  const communities = await readCommunities(db, ids)
  const rows = [...(await readMemberships(db, ids)), ...(await readWatchable(db, ids))]
  const peers = await readPeers(db, rows)
  const disabled = await disabledOf(db, ids)
  const byPerson = Map.groupBy(rows, (row) => row.person_id)
  return personIds.map((personId) => ({
    personId,
    version: versions.get(personId) ?? '',
    ...(disabled.has(personId) && { disabled: true }),
    communities: (communities.get(personId) ?? []).toSorted(byName),
    channels: (byPerson.get(personId) ?? [])
      .map((row) => toMyChannel(row, personId, peers))
      .sort(byName),
  }))
}
