/** A new channel: public, private or live. */
import { type ChannelKind, LIMITS, type Visibility } from '@madang/client'

import { useState } from 'react'
import { useText } from '../../i18n/language.tsx'
import { useServices } from '../../services.tsx'
import { Button } from '../../ui/button.tsx'
import { Choices } from '../../ui/choices.tsx'
import { Dialog, DialogActions } from '../../ui/dialog.tsx'
import { Field, FormError } from '../../ui/field.tsx'
import { useSubmit } from '../../ui/submit.ts'
import styles from './create-channel.module.css'

const KINDS = ['public', 'private', 'live'] as const
type Kind = (typeof KINDS)[number]

interface Made {
  readonly kind: Exclude<ChannelKind, 'direct'>
  readonly visibility: Visibility
}

const MADE: Readonly<Record<Kind, Made>> = {
  public: { kind: 'text', visibility: 'public' },
  private: { kind: 'text', visibility: 'private' },
  live: { kind: 'live', visibility: 'public' },
}

export interface CreateChannelProps {
  readonly communityId: string
  onClose(): void
  onCreated(): void
}

export function CreateChannel({ communityId, onClose, onCreated }: CreateChannelProps) {
  const { rest, router } = useServices()
  const text = useText()
  const [name, setName] = useState('')
  const [topic, setTopic] = useState('')
  const [kind, setKind] = useState<Kind>('public')
  const submit = useSubmit(async () => {
    const about = topic.trim() === '' ? {} : { topic: topic.trim() }
    const outcome = await rest.call('createChannel', {
      params: { communityId },
      body: { ...MADE[kind], name: name.trim(), ...about },
    })
    if (!outcome.ok) return outcome.error
    onClose()
    onCreated()
    router.go({ page: 'channel', communityId, channelId: outcome.channel.id })
    return undefined
  })
  return (
    <Dialog
      title={text.channels.create}
      lead={text.channels.createLead}
      closeLabel={text.common.close}
      onClose={onClose}
    >
      <form className={styles.form} onSubmit={submit.onSubmit}>
        <div className={styles.kind}>
          <Choices
            label={text.channels.kind}
            options={KINDS.map((value) => ({ value, text: text.channels.kinds[value] }))}
            value={kind}
            onChange={setKind}
          />
          <p className={styles.hint}>{text.channels.kinds[`${kind}Hint`]}</p>
        </div>
        <Field
          label={text.channels.name}
          placeholder={text.channels.namePlaceholder}
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
            {text.common.create}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  )
}
