/** The buttons that come up over a message: edit, delete, move a question on. */
import type { ChannelHandle, MyChannel, QuestionState, TimelineMessage } from '@madang/client'

import { useState } from 'react'
import { useText } from '../../i18n/language.tsx'
import { useMe, useServices } from '../../services.tsx'
import { Button, IconButton } from '../../ui/button.tsx'
import { Confirm } from '../../ui/confirm.tsx'
import { allowed } from './allowed.ts'
import styles from './message-actions.module.css'

export interface MessageActionsProps {
  readonly item: TimelineMessage
  readonly channel: MyChannel
  readonly handle: ChannelHandle
  onEdit(seq: number): void
}

export function MessageActions({ item, channel, handle, onEdit }: MessageActionsProps) {
  const { refusal } = useServices()
  const me = useMe()
  const text = useText()
  const [deleting, setDeleting] = useState(false)
  const { seq } = item
  const may = allowed(item, channel.role, me.id)
  if (seq === undefined || !(may.edit || may.delete || may.question)) return null
  const move = async (state: QuestionState) => {
    const outcome = await handle.setQuestion(seq, state)
    if (!outcome.ok) refusal.set(outcome.error)
  }
  const { question } = may
  return (
    <fieldset className={styles.actions} aria-label={text.timeline.actions}>
      {question && (
        <Button
          size="s"
          look="quiet"
          onClick={() => {
            void move(question)
          }}
        >
          {question === 'picked' ? text.timeline.pickQuestion : text.timeline.answerQuestion}
        </Button>
      )}
      {may.edit && (
        <IconButton
          icon="pencil"
          size="s"
          label={text.timeline.edit}
          data-deed="edit"
          onClick={() => onEdit(seq)}
        />
      )}
      {may.delete && (
        <IconButton
          icon="trash"
          size="s"
          tone="danger"
          label={text.timeline.delete}
          data-deed="delete"
          onClick={() => setDeleting(true)}
        />
      )}
      {deleting && (
        <Confirm
          title={text.timeline.deleteTitle}
          quote={item.text ?? undefined}
          lead={text.timeline.deleteLead}
          action={text.timeline.deleteButton}
          cancel={text.common.cancel}
          onClose={() => setDeleting(false)}
          act={async () => {
            const outcome = await handle.delete(seq)
            if (!outcome.ok) return text.errors[outcome.error.code]
            setDeleting(false)
            return undefined
          }}
        />
      )}
    </fieldset>
  )
}
