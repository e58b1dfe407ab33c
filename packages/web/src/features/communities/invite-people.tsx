/** The address that others come in by. Anybody may have it: a public community may be joined by anybody anyway. */
import type { MyCommunity } from '@madang/client'

import { useRef, useState } from 'react'
import { useText } from '../../i18n/language.tsx'
import { formatRoute } from '../../routes.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Field } from '../../ui/field.tsx'
import { Icon } from '../../ui/icon.tsx'
import styles from './invite-people.module.css'

export function InvitePeople({ community, onClose }: { community: MyCommunity; onClose(): void }) {
  const text = useText()
  const field = useRef<HTMLInputElement>(null)
  const [copied, setCopied] = useState(false)
  const page = new URL(formatRoute({ page: 'community', communityId: community.id }), location.href)
  const copy = async () => {
    field.current?.select()
    setCopied(await toClipboard(page.href))
  }
  return (
    <Dialog
      title={text.communities.inviteTitle(community.name)}
      lead={text.communities.inviteLead}
      closeLabel={text.common.close}
      onClose={onClose}
    >
      <div className={styles.row}>
        <Field
          ref={field}
          label={text.communities.inviteLabel}
          value={page.href}
          readOnly
          onFocus={(event) => event.target.select()}
        />
        <Button
          look="accent"
          className={styles.copy}
          onClick={() => {
            void copy()
          }}
        >
          <Icon name={copied ? 'check' : 'link'} size={18} />
          {copied ? text.common.copied : text.common.copy}
        </Button>
      </div>
      <p className="visually-hidden" role="status">
        {copied ? text.common.copied : ''}
      </p>
    </Dialog>
  )
}

/** Pages without a certificate have no clipboard; there the address stays selected, to be copied by hand. */
async function toClipboard(words: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(words)
    return true
  } catch {
    return false
  }
}
