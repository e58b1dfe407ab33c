/** What somebody who leads may do to a person in one channel, or in the whole community. */
import type { Author } from '@madang/client'

import { useRef, useState } from 'react'
import { useText } from '../../i18n/language.tsx'
import { useServices } from '../../services.tsx'
import { MenuItem } from '../../ui/menu.tsx'
import { act, type Scope, scopeName } from './acting.ts'
import { type Deed, isHarsh } from './deeds.ts'
import styles from './person-deeds.module.css'

const ICONS = {
  makeOwner: 'key',
  makeModerator: 'shield',
  makeMember: 'person',
  remove: 'leave',
  ban: 'ban',
  unban: 'check',
} as const

export interface PersonDeedsProps {
  readonly scope: Scope
  readonly deeds: readonly Deed[]
  readonly person: Author
  /** What is hard to take is asked about first. */
  onAsk(deed: 'remove' | 'ban'): void
  onDone(): void
}

export function PersonDeeds({ scope, deeds, person, onAsk, onDone }: PersonDeedsProps) {
  const { rest, refusal } = useServices()
  const text = useText()
  const [busy, setBusy] = useState(false)
  const section = useRef<HTMLElement>(null)
  const where = scopeName(scope)
  const choose = async (deed: Deed) => {
    if (isHarsh(deed)) return onAsk(deed)
    setBusy(true)
    const error = await act(rest, scope, deed, person.id)
    setBusy(false)
    // The button may be gone with what it did.
    section.current?.focus()
    if (error) refusal.set(error)
    onDone()
  }
  return (
    <section
      ref={section}
      className={styles.deeds}
      tabIndex={-1}
      aria-label={where}
      aria-busy={busy}
    >
      <h3 className={styles.title}>{where}</h3>
      {deeds.map((deed) => (
        <MenuItem
          key={deed}
          icon={ICONS[deed]}
          text={text.members.deeds[deed](where)}
          tone={isHarsh(deed) ? 'danger' : 'plain'}
          onSelect={() => {
            if (!busy) void choose(deed)
          }}
        />
      ))}
    </section>
  )
}
