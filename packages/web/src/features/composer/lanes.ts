/** Which lanes a person may write to in a channel. Pure. */
import type { Lane, MyChannel } from '@madang/client'

export function lanesOf(channel: Pick<MyChannel, 'kind' | 'role'>): readonly Lane[] {
  if (channel.kind !== 'live') return ['chat']
  const isModerator = channel.role === 'owner' || channel.role === 'moderator'
  return isModerator ? ['chat', 'question', 'notice'] : ['chat', 'question']
}
