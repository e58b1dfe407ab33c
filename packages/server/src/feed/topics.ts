/** The names of what nodes subscribe to: one topic per channel, person and community that has a local reader. */
import type { Id } from '@madang/protocol'

export type NodeTopic = `${'channel' | 'person' | 'community'}:${Id}`

export const channelTopic = (channelId: Id): NodeTopic => `channel:${channelId}`
export const personTopic = (personId: Id): NodeTopic => `person:${personId}`
export const communityTopic = (communityId: Id): NodeTopic => `community:${communityId}`

export function isNodeTopic(topic: string): topic is NodeTopic {
  return /^(channel|person|community):./.test(topic)
}

/** The channel of a channel's topic. */
export function channelOf(topic: string): Id | undefined {
  return topic.startsWith('channel:') ? topic.slice('channel:'.length) : undefined
}
