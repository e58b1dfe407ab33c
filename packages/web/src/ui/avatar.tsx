/** A person or a place as a coloured tile with initials. */
import styles from './avatar.module.css'
import { classes } from './classes.ts'
import { hue, initials } from './initials.ts'

export interface AvatarProps {
  readonly id: string
  readonly name: string
  readonly size?: 's' | 'm' | 'l' | 'xl'
  /** Shows a dot: true for online, false for away; none unless given. */
  readonly online?: boolean | undefined
}

/** The name stands beside it wherever it is shown, so that it says nothing to a screen reader. */
export function Avatar({ id, name, size = 'm', online }: AvatarProps) {
  return (
    <span className={classes(styles.avatar, styles[size])} data-hue={hue(id)} aria-hidden="true">
      {initials(name)}
      {online !== undefined && <span className={styles.dot} data-online={online} />}
    </span>
  )
}
