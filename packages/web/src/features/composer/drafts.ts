/** What a person has begun to write, kept per channel across reloads. */
import type { Keep } from '../../keep.ts'

export const DRAFTS = 'draft.'

export const readDraft = (keep: Keep, channelId: string): string =>
  keep.get(DRAFTS + channelId) ?? ''

export function writeDraft(keep: Keep, channelId: string, text: string): void {
  if (text === '') keep.remove(DRAFTS + channelId)
  else keep.set(DRAFTS + channelId, text)
}
