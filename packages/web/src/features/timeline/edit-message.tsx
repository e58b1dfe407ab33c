/** Changes a message where it stands. */
import { type ChannelHandle, LIMITS, type TimelineMessage } from '@madang/client'

import { useEffect, useRef, useState } from 'react'
import { useText } from '../../i18n/language.tsx'
import { Button } from '../../ui/button.tsx'
import { FormError } from '../../ui/field.tsx'
import { GrowingText } from '../../ui/growing-text.tsx'
import { useSubmit } from '../../ui/submit.ts'
import { keyAction } from '../composer/keys.ts'
import { sendable } from '../composer/sendable.ts'
import styles from './edit-message.module.css'

export interface EditMessageProps {
  readonly item: TimelineMessage
  readonly seq: number
  readonly handle: ChannelHandle
  onDone(): void
}

export function EditMessage({ item, seq, handle, onDone }: EditMessageProps) {
  const text = useText()
  const before = item.text ?? ''
  const [draft, setDraft] = useState(before)
  const input = useRef<HTMLTextAreaElement>(null)
  useEffect(() => {
    input.current?.focus()
    input.current?.setSelectionRange(-1, -1)
  }, [])
  const ready = sendable(draft)
  const submit = useSubmit(async () => {
    if (ready === undefined) return undefined
    if (ready === before) return void onDone()
    const outcome = await handle.edit(seq, ready)
    if (!outcome.ok) return text.errors[outcome.error.code]
    onDone()
    return undefined
  })
  return (
    <form className={styles.form} onSubmit={submit.onSubmit}>
      <GrowingText
        ref={input}
        label={text.timeline.editLabel}
        value={draft}
        onChange={setDraft}
        onKeyDown={(event) => {
          const action = keyAction(event.nativeEvent)
          if (action === 'send') submit.onSubmit(event)
          else if (action === 'cancel') onDone()
        }}
      />
      <FormError text={submit.error} />
      <div className={styles.actions}>
        <span className={styles.hint}>
          {draft.length > LIMITS.textCharsMax
            ? text.composer.tooLong(draft.length - LIMITS.textCharsMax)
            : text.timeline.editHint}
        </span>
        <Button size="s" onClick={onDone}>
          {text.common.cancel}
        </Button>
        <Button
          size="s"
          look="accent"
          type="submit"
          busy={submit.busy}
          disabled={ready === undefined}
        >
          {text.common.save}
        </Button>
      </div>
    </form>
  )
}
