/** Brings members of the community into a channel. */
import type { Member, MyChannel } from '@madang/client'

import { useState } from 'react'
import { useText } from '../../i18n/language.tsx'
import { useServices } from '../../services.tsx'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Field } from '../../ui/field.tsx'
import { Spinner } from '../../ui/spinner.tsx'
import { filterByName, notIn } from './members.ts'
import { PEOPLE, PersonRow } from './person-row.tsx'
import { useMembers } from './use-members.ts'

export interface AddPeopleProps {
  readonly channel: MyChannel
  readonly inside: readonly Member[]
  onClose(): void
}

export function AddPeople({ channel, inside, onClose }: AddPeopleProps) {
  const { rest } = useServices()
  const text = useText()
  const [typed, setTyped] = useState('')
  const list = useMembers(rest, { communityId: channel.communityId }, 0)
  const others = notIn(list.members ?? [], inside)
  const found = filterByName(others, typed)
  return (
    <Dialog
      title={text.members.add}
      lead={text.members.addLead(channel.name)}
      closeLabel={text.common.close}
      onClose={onClose}
    >
      <Field
        label={text.members.filter}
        type="search"
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
      />
      {!list.members && <Spinner label={text.common.loading} />}
      {list.members && found.length === 0 && (
        <p>{others.length === 0 ? text.members.addEmpty : text.members.none}</p>
      )}
      <ul className={PEOPLE}>
        {found.map((member) => (
          <Candidate key={member.person.id} member={member} channelId={channel.id} />
        ))}
      </ul>
      {list.more && (
        <Button size="s" onClick={list.loadMore}>
          {text.members.more}
        </Button>
      )}
    </Dialog>
  )
}

function Candidate({ member, channelId }: { member: Member; channelId: string }) {
  const { rest, refusal } = useServices()
  const text = useText()
  const [busy, setBusy] = useState(false)
  const { person } = member
  const add = async () => {
    setBusy(true)
    const params = { channelId, personId: person.id }
    const outcome = await rest.call('setChannelMember', { params, body: {} })
    setBusy(false)
    if (!outcome.ok) refusal.set(outcome.error)
  }
  return (
    <PersonRow
      person={person}
      action={text.members.addButton}
      label={text.members.addOne(person.name)}
      busy={busy}
      onAct={() => {
        void add()
      }}
    />
  )
}
