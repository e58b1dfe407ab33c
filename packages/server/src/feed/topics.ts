/** The names of what nodes subscribe to: one topic per channel, person and community that has a local reader, and one for all nodes. */
import type { Id } from '@madang/protocol'

export type NodeTopic = `${'channel' | 'person' | 'community'}:${Id}` | typeof NODES_TOPIC

/** What concerns every node is told here. */
export const NODES_TOPIC = 'nodes:all'

export const channelTopic = (channelId: Id): NodeTopic => `channel:${channelId}`
export const personTopic = (personId: Id): NodeTopic => `person:${personId}`
export const communityTopic = (communityId: Id): NodeTopic => `community:${communityId}`

export function isNodeTopic(topic: string): topic is NodeTopic {
  return /^(channel|person|community):./.test(topic) || topic === NODES_TOPIC
}

/** The community of a community's topic. */
export function communityOf(topic: string): Id | undefined {
  return topic.startsWith('community:') ? topic.slice('community:'.length) : undefined
}

/** The channel of a channel's topic. */
export function channelOf(topic: string): Id | undefined {
  return topic.startsWith('channel:') ? topic.slice('channel:'.length) : undefined
}
