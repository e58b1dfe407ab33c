/** Rows of communities and channels, who belongs to them, and how far they have read. */
import { Channel, Id, MyChannel } from '@madang/protocol'
import { z } from 'zod'
import { DEADLINES } from '../deadlines.ts'
import { mapRow, row, silentRow } from '../row.ts'
import * as shapes from '../shapes.ts'

const read = { need: 'required', repeats: 'always', deadlineMs: DEADLINES.readMsMax } as const
const listed = { ...read, need: 'optional' } as const
const write = { need: 'optional', repeats: 'never', deadlineMs: DEADLINES.writeMsMax } as const

const inCommunity = { communityId: Id, personId: Id }
const inChannel = { channelId: Id, personId: Id }

export const placeMethods = {
  createCommunity: silentRow<'createCommunity'>()(
    ['community'],
    { community: shapes.NewCommunity },
    { ...write, summary: 'Makes a community and its owner’s membership.' },
  ),
  communityStanding: row<'communityStanding'>()(
    ['communityId', 'personId'],
    inCommunity,
    shapes.CommunityStanding.nullable(),
    {
      ...read,
      summary:
        'A community with what a person is in it; role null: no member. null: there is no such community.',
    },
  ),
  communities: row<'communities'>()(
    ['personId', 'limit'],
    { personId: Id, limit: z.int().min(0) },
    shapes.Communities,
    { ...listed, summary: 'The person’s communities, and at most `limit` public ones, by name.' },
  ),
  setCommunityMember: silentRow<'setCommunityMember'>()(
    ['change'],
    { change: shapes.MemberChange },
    {
      ...write,
      repeats: 'always',
      summary: 'Sets a person’s role in a community; null ends the membership.',
    },
  ),
  communityMembers: row<'communityMembers'>()(
    ['communityId', 'page'],
    { communityId: Id, page: shapes.MembersRequest },
    shapes.MembersPage,
    {
      ...listed,
      summary: 'A page of members by name, then id; `next` is the next page’s `after`.',
    },
  ),
  communityBans: row<'communityBans'>()(
    ['communityId', 'page'],
    { communityId: Id, page: shapes.MembersRequest },
    shapes.BansPage,
    { ...listed, summary: 'A page of who is kept out of a community, by name, then id.' },
  ),
  createChannel: row<'createChannel'>()(
    ['channel'],
    { channel: shapes.NewChannel },
    shapes.MadeChannel,
    {
      ...write,
      summary:
        'Makes a channel whose log begins with its first members: `joined` for the author, `invited` for the others. Where the key is taken in the community, answers the channel that has it, with no events.',
    },
  ),
  channel: row<'channel'>()(['channelId'], { channelId: Id }, Channel.nullable(), {
    ...read,
    summary: 'A channel; null: there is none.',
  }),
  channelByKey: row<'channelByKey'>()(
    ['communityId', 'key'],
    { communityId: Id, key: z.string().max(1_024) },
    Channel.nullable(),
    {
      ...listed,
      summary: 'The community’s channel with this key: a direct channel, or `general`.',
    },
  ),
  channelStanding: row<'channelStanding'>()(
    ['channelId', 'personId'],
    inChannel,
    shapes.ChannelStanding.nullable(),
    { ...read, summary: 'A channel and its community, with what a person is in both.' },
  ),
  myChannel: row<'myChannel'>()(['channelId', 'personId'], inChannel, MyChannel.nullable(), {
    ...read,
    summary: 'A channel with a person’s role, cursor and exact unread count.',
  }),
  channels: row<'channels'>()(['communityId', 'personId'], inCommunity, z.array(MyChannel), {
    ...listed,
    summary:
      'The community’s public channels, and the private and direct ones that the person is in, by name.',
  }),
  channelMembers: row<'channelMembers'>()(
    ['channelId', 'page'],
    { channelId: Id, page: shapes.MembersRequest },
    shapes.MembersPage,
    { ...listed, summary: 'A page of members by name, then id.' },
  ),
  channelBans: row<'channelBans'>()(
    ['channelId', 'page'],
    { channelId: Id, page: shapes.MembersRequest },
    shapes.BansPage,
    { ...listed, summary: 'A page of who is kept out of a channel itself, by name, then id.' },
  ),
  belongings: row<'belongings'>()(
    ['personIds'],
    { personIds: z.array(Id) },
    z.array(shapes.Belongings),
    {
      ...read,
      summary:
        'What people belong to, one answer per person in their order: their communities, their channels with role, cursor and exact unread count, and the public live channels of their communities. Asked when people connect.',
      itemsMax: 500,
    },
  ),
  placeVersions: mapRow<'placeVersions'>()(
    ['personIds'],
    { personIds: z.array(Id) },
    z.string().max(128),
    {
      ...listed,
      summary:
        'For each person a text that is another one after any of their memberships was made, changed or ended, and the same while none was. Thousands at once; how a ban reaches connections where no broker tells of it.',
    },
  ),
  moveCursors: row<'moveCursors'>()(
    ['moves'],
    { moves: z.array(shapes.CursorMove) },
    z.array(shapes.Reading),
    {
      ...read,
      summary:
        'Moves cursors forward, never back and never past the head; where each is then, in their order, with the exact unread count.',
      itemsMax: 1_000,
    },
  ),
}
