/** What a reader may do with a message. Pure. */
import type { MyChannel, QuestionState, TimelineMessage } from '@madang/client'

export interface Allowed {
  readonly edit: boolean
  readonly delete: boolean
  /** The state that a moderator may move a question to. */
  readonly question: QuestionState | undefined
}

const NEXT: Readonly<Record<QuestionState, QuestionState | undefined>> = {
  open: 'picked',
  picked: 'answered',
  answered: undefined,
}

export function allowed(item: TimelineMessage, role: MyChannel['role'], me: string): Allowed {
  const isThere = item.state === 'sent' && item.text !== null && role !== null
  const isMine = item.author.id === me
  const isModerator = role === 'owner' || role === 'moderator'
  const isQuestion = isThere && isModerator && item.lane === 'question'
  return {
    edit: isThere && isMine,
    delete: isThere && (isMine || isModerator),
    question: isQuestion ? NEXT[item.question ?? 'open'] : undefined,
  }
}
