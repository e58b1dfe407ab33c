/** Somebody in a list, with a button for what can be done. */
import type { Author } from '@madang/client'

import { Avatar } from '../../ui/avatar.tsx'
import { Button } from '../../ui/button.tsx'
import styles from './person-row.module.css'

export const PEOPLE = styles.list

export interface PersonRowProps {
  readonly person: Author
  readonly action: string
  /** The button for those who hear it without the row. */
  readonly label: string
  readonly busy: boolean
  onAct(): void
}

export function PersonRow({ person, action, label, busy, onAct }: PersonRowProps) {
  return (
    <li className={styles.row}>
      <Avatar id={person.id} name={person.name} />
      <span className={styles.name} dir="auto">
        {person.name}
      </span>
      <Button size="s" busy={busy} aria-label={label} onClick={onAct}>
        {action}
      </Button>
    </li>
  )
}
