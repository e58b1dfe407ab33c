/** Brings what people are called into one form, so that what looks the same is the same. */
import { LIMITS } from '@madang/protocol'
import { Refusal } from './refusal.ts'

/** NFC. Composing can lengthen a few scripts' letters, so the bound is checked again. */
function composed(text: string, charsMax: number, field: string): string {
  const normal = text.normalize('NFC')
  if (normal.length > charsMax) throw new Refusal('invalid', { field })
  return normal
}

export const normalName = (name: string): string => composed(name, LIMITS.nameCharsMax, 'name')

export const normalTopic = (topic: string): string => composed(topic, LIMITS.topicCharsMax, 'topic')

export const normalLogin = (login: string): string => login.normalize('NFC').toLowerCase()

/** NFKC, as NIST SP 800-63B advises, so that a password can be typed on any keyboard. */
export const normalPassword = (password: string): string => password.normalize('NFKC')
