/** A new community. */
import { LIMITS } from '@madang/client'

import { useState } from 'react'
import { useText } from '../../i18n/language.tsx'
import { useServices } from '../../services.tsx'
import { Button } from '../../ui/button.tsx'
import { Dialog, DialogActions } from '../../ui/dialog.tsx'
import { Field, FormError } from '../../ui/field.tsx'
import { useSubmit } from '../../ui/submit.ts'
import styles from './create-community.module.css'

export function CreateCommunity({ onClose }: { onClose(): void }) {
  const { rest, router } = useServices()
  const text = useText()
  const [name, setName] = useState('')
  const submit = useSubmit(async () => {
    const outcome = await rest.call('createCommunity', { body: { name: name.trim() } })
    if (!outcome.ok) return outcome.error
    onClose()
    const channel = outcome.channels[0]
    const communityId = outcome.community.id
    if (channel) router.go({ page: 'channel', communityId, channelId: channel.id })
    else router.go({ page: 'community', communityId })
    return undefined
  })
  return (
    <Dialog
      title={text.communities.create}
      lead={text.communities.createLead}
      closeLabel={text.common.close}
      onClose={onClose}
    >
      <form className={styles.form} onSubmit={submit.onSubmit}>
        <Field
          label={text.communities.name}
          placeholder={text.communities.namePlaceholder}
          value={name}
          maxLength={LIMITS.nameCharsMax}
          onChange={(event) => setName(event.target.value)}
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
