/** A channel's name and what it is about, for those who lead it. */
import { LIMITS, type MyChannel } from '@madang/client'

import { useState } from 'react'
import { useText } from '../../i18n/language.tsx'
import { useServices } from '../../services.tsx'
import { Button } from '../../ui/button.tsx'
import { Dialog, DialogActions } from '../../ui/dialog.tsx'
import { Field, FormError } from '../../ui/field.tsx'
import { useSubmit } from '../../ui/submit.ts'
import styles from './create-channel.module.css'

export function EditChannel({ channel, onClose }: { channel: MyChannel; onClose(): void }) {
  const { rest } = useServices()
  const text = useText()
  const [name, setName] = useState(channel.name)
  const [topic, setTopic] = useState(channel.topic)
  const submit = useSubmit(async () => {
    const outcome = await rest.call('updateChannel', {
      params: { channelId: channel.id },
      body: { name: name.trim(), topic: topic.trim() },
    })
    if (!outcome.ok) return outcome.error
    onClose()
    return undefined
  })
  return (
    <Dialog title={text.channels.edit} closeLabel={text.common.close} onClose={onClose}>
      <form className={styles.form} onSubmit={submit.onSubmit}>
        <Field
          label={text.channels.name}
          value={name}
          maxLength={LIMITS.nameCharsMax}
          onChange={(event) => setName(event.target.value)}
        />
        <Field
          label={text.channels.topic}
          value={topic}
          maxLength={LIMITS.topicCharsMax}
          onChange={(event) => setTopic(event.target.value)}
        />
        <FormError text={submit.error && text.errors[submit.error.code]} />
        <DialogActions>
          <Button onClick={onClose}>{text.common.cancel}</Button>
          <Button type="submit" look="accent" busy={submit.busy} disabled={name.trim() === ''}>
            {text.common.save}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  )
}
