/** Who is kept out of a channel or community, for those who may let them in again. */
import { useState } from 'react'
import { useText } from '../../i18n/language.tsx'
import { useServices } from '../../services.tsx'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { FormError } from '../../ui/field.tsx'
import { Spinner } from '../../ui/spinner.tsx'
import { act, type Scope, scopeName } from './acting.ts'
import { PEOPLE, PersonRow } from './person-row.tsx'
import { useBans } from './use-bans.ts'

export function BannedPeople({ scope, onClose }: { scope: Scope; onClose(): void }) {
  const { rest } = useServices()
  const text = useText()
  const bans = useBans(rest, scope)
  const [lifting, setLifting] = useState<string>()
  const [failed, setFailed] = useState<string>()
  const lift = async (personId: string) => {
    setLifting(personId)
    const error = await act(rest, scope, 'unban', personId)
    setLifting(undefined)
    setFailed(error && text.errors[error.code])
    if (!error) bans.forget(personId)
  }
  const { people } = bans
  return (
    <Dialog
      title={text.bans.title}
      lead={text.bans.leads[scope.kind](scopeName(scope))}
      closeLabel={text.common.close}
      onClose={onClose}
    >
      {!people && !bans.error && <Spinner label={text.common.loading} />}
      <FormError text={failed ?? (bans.error && text.errors[bans.error.code])} />
      {people && (
        <p role="status" className={people.length > 0 ? 'visually-hidden' : undefined}>
          {text.bans.count(people.length)}
        </p>
      )}
      {people && people.length > 0 && (
        <ul className={PEOPLE}>
          {people.map((person) => (
            <PersonRow
              key={person.id}
              person={person}
              action={text.bans.lift}
              label={text.bans.liftOne(person.name)}
              busy={lifting === person.id}
              onAct={() => {
                void lift(person.id)
              }}
            />
          ))}
        </ul>
      )}
      {bans.more && (
        <Button size="s" onClick={bans.loadMore}>
          {text.members.more}
        </Button>
      )}
    </Dialog>
  )
}
