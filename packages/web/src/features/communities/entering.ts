/** Where one goes on joining a community. */
import type { Rest } from '../../rest.ts'
import type { Route } from '../../routes.ts'
import { sectionsOf } from '../channels/channels.ts'

/** To the channel that one is in from the start. It is asked for, since the session learns of it later than the answer to joining comes. */
export async function routeInto(rest: Rest, communityId: string): Promise<Route> {
  const listed = await rest.call('listChannels', { params: { communityId } })
  const { channels } = sectionsOf(listed.ok ? listed.channels : [], communityId)
  const channel = channels.find(({ role }) => role !== null)
  if (channel === undefined) return { page: 'community', communityId }
  return { page: 'channel', communityId, channelId: channel.id }
}
