/** The question before somebody is removed from a channel, or banned from it. */
import type { Author, MyChannel } from '@madang/client'

import { useText } from '../../i18n/language.tsx'
import { useServices } from '../../services.tsx'
import { Confirm } from '../../ui/confirm.tsx'
import { seeOut } from './use-deed.ts'

export interface RemoveMemberProps {
  readonly deed: 'remove' | 'ban'
  readonly channel: MyChannel
  readonly person: Author
  onClose(): void
}

export function RemoveMember({ deed, channel, person, onClose }: RemoveMemberProps) {
  const { rest } = useServices()
  const text = useText()
  const words = text.members[deed]
  return (
    <Confirm
      title={words.title(person.name, channel.name)}
      lead={words.lead}
      action={words.action}
      cancel={text.common.cancel}
      onClose={onClose}
      act={async () => {
        const error = await seeOut(rest, deed, channel.id, person.id)
        if (error) return text.errors[error.code]
        onClose()
        return undefined
      }}
    />
  )
}
