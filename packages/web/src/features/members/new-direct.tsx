/** Begins a conversation with somebody of the community. */
import type { Author } from '@madang/client'

import { useState } from 'react'
import { useText } from '../../i18n/language.tsx'
import { useMe, useServices } from '../../services.tsx'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Field } from '../../ui/field.tsx'
import { Spinner } from '../../ui/spinner.tsx'
import { filterByName } from './members.ts'
import { PEOPLE, PersonRow } from './person-row.tsx'
import { useMembers } from './use-members.ts'

export interface NewDirectProps {
  readonly communityId: string
  onClose(): void
  /** The conversation is open. */
  onOpened(): void
}

export function NewDirect({ communityId, onClose, onOpened }: NewDirectProps) {
  const { rest, router, refusal } = useServices()
  const me = useMe()
  const text = useText()
  const [typed, setTyped] = useState('')
  const [opening, setOpening] = useState<string>()
  const list = useMembers(rest, { communityId }, 0)
  const others = (list.members ?? []).filter(({ person }) => person.id !== me.id)
  const found = filterByName(others, typed)
  const open = async ({ id: personId }: Author) => {
    setOpening(personId)
    const outcome = await rest.call('openDirect', { params: { communityId, personId } })
    setOpening(undefined)
    if (!outcome.ok) return refusal.set(outcome.error)
    onClose()
    onOpened()
    router.go({ page: 'channel', communityId, channelId: outcome.channel.id })
  }
  return (
    <Dialog
      title={text.channels.newDirect}
      lead={text.channels.newDirectLead}
      closeLabel={text.common.close}
      onClose={onClose}
    >
      <Field
        label={text.members.filter}
        type="search"
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
      />
      {!list.members && !list.error && <Spinner label={text.common.loading} />}
      {list.error && <p role="alert">{text.errors[list.error.code]}</p>}
      {list.members && found.length === 0 && (
        <p>{others.length === 0 ? text.channels.newDirectEmpty : text.members.none}</p>
      )}
      {found.length > 0 && (
        <ul className={PEOPLE}>
          {found.map(({ person }) => (
            <PersonRow
              key={person.id}
              person={person}
              action={text.channels.newDirectButton}
              label={text.channels.newDirectOne(person.name)}
              busy={opening === person.id}
              onAct={() => {
                void open(person)
              }}
            />
          ))}
        </ul>
      )}
      {list.more && (
        <Button size="s" onClick={list.loadMore}>
          {text.members.more}
        </Button>
      )}
    </Dialog>
  )
}
