/** The function in the database that appends a batch of plain messages in one round trip. */
import { createHash } from 'node:crypto'
import type { Append } from '../log.ts'
import { PEOPLE } from './locks.ts'

/**
 * In the order of `append/decide.ts`, for what nearly every batch is made of: messages of people who may write, none of them there already. Channels
 * are locked by id, then their authors together with other authors, and each statement that follows sees what was committed before it: a retry is found,
 * and a removal seen, whichever node committed it. Where a single entry is not plain, nothing is written and the answer is null.
 *
 * The planner is held to indexes: a plan that is made while the tables are empty would read the whole log when they are full.
 */
const BODY = `(channel_list text[], author_list text[], batch json) returns json language plpgsql volatile
set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off
as $function$
declare
  seqs json;
begin
  perform from channels where id = any(channel_list) order by id for no key update;
  perform pg_advisory_xact_lock_shared(${PEOPLE}, person.key)
    from (select distinct hashtext(id) as key from unnest(author_list) as id order by 1) as person;
  with entry as materialized (
    select * from json_to_recordset(batch) as given(
      n int, id text, channel text, author text, author_name text, client text, lane text, body text, at bigint
    )
  ), seen as materialized (
    select entry.*, channel.head,
      place.role is not null and place.banned = 0 and coalesce(member.banned, 0) = 0
      and (member.role is not null or (channel.kind = 'live' and channel.visibility = 'public'))
      and not exists (
        select from events where events.client_id = entry.client and events.author_id = entry.author
      ) as is_plain
    from entry
    join channels as channel on channel.id = entry.channel
    left join channel_members as member on member.channel_id = entry.channel and member.person_id = entry.author
    left join community_members as place
      on place.community_id = channel.community_id and place.person_id = entry.author
  ), accepted as materialized (
    select seen.*, head + row_number() over (partition by channel order by n) as seq from seen
    where (select count(*) from seen where is_plain) = (select count(*) from entry)
  ), written as (
    insert into events (
      channel_id, seq, id, kind, created_at, author_id, author_name, client_id, lane, text, question
    )
    select channel, seq, id, 'created', at, author, author_name, client, lane, body,
      case when lane = 'question' then 'open' end
    from accepted
  ), counted as (
    update channels set head = channels.head + more.count, messages = channels.messages + more.count
    from (select channel, count(*) as count from accepted group by channel) as more
    where channels.id = more.channel
  ), moved as (
    insert into cursors (person_id, channel_id, seq)
    select author, channel, max(seq) from accepted
    group by author, channel order by author collate "C", channel collate "C"
    on conflict (person_id, channel_id) do update set seq = excluded.seq
    where excluded.seq > cursors.seq
  )
  select json_agg(seq order by n) into seqs from accepted;
  return seqs;
end
$function$`

/** Old and new nodes run side by side, each with the function that it knows. */
const NAME = `madang_append_${createHash('sha256').update(BODY).digest('hex').slice(0, 12)}`

/** For whoever brings the schema up to date; not for two at once. */
export const MAKE_FUNCTION = `create or replace function ${NAME}${BODY}`

export const CALL_FUNCTION = `select ${NAME}($1::text[], $2::text[], $3::json) as seqs`

export type Message = Append & { readonly entry: { readonly kind: 'created' } }

/** Whether the function can take all of them; what is in the database it finds out by itself. */
export function arePlain(entries: readonly Append[]): entries is readonly Message[] {
  const once = new Set<string>()
  for (const { entry, needs, author } of entries) {
    if (entry.kind !== 'created' || needs !== 'writer') return false
    once.add(`${author.id} ${entry.clientId}`)
  }
  return once.size === entries.length
}

/** The parameters of `CALL_FUNCTION`. */
export function parametersOf(messages: readonly Message[]): readonly unknown[] {
  const channels = new Set<string>()
  const authors = new Set<string>()
  const batch = messages.map(({ id, channelId, author, createdAt, entry }, n) => {
    channels.add(channelId)
    authors.add(author.id)
    const { clientId: client, lane, text: body } = entry
    return {
      ...{ n, id, channel: channelId, author: author.id, author_name: author.name },
      ...{ client, lane, body, at: createdAt },
    }
  })
  return [[...channels], [...authors], JSON.stringify(batch)]
}
