/** The question before somebody is removed from a channel or community, or banned from it. */
import type { Author } from '@madang/client'

import { useText } from '../../i18n/language.tsx'
import { useServices } from '../../services.tsx'
import { Confirm } from '../../ui/confirm.tsx'
import { act, type Scope, scopeName } from './acting.ts'

export interface RemoveMemberProps {
  readonly deed: 'remove' | 'ban'
  readonly scope: Scope
  readonly person: Author
  onClose(): void
}

export function RemoveMember({ deed, scope, person, onClose }: RemoveMemberProps) {
  const { rest } = useServices()
  const text = useText()
  const words = text.members[deed]
  return (
    <Confirm
      title={words.title(person.name, scopeName(scope))}
      lead={words.leads[scope.kind]}
      action={words.action}
      cancel={text.common.cancel}
      onClose={onClose}
      act={async () => {
        const error = await act(rest, scope, deed, person.id)
        if (error) return text.errors[error.code]
        onClose()
        return undefined
      }}
    />
  )
}
