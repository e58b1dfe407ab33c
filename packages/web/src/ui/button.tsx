/** Buttons with words, and buttons with an icon. */
import type { ComponentProps } from 'react'
import styles from './button.module.css'
import { classes } from './classes.ts'
import { Icon } from './icon.tsx'
import type { IconName } from './icon-paths.ts'

export interface ButtonProps extends ComponentProps<'button'> {
  readonly look?: 'plain' | 'accent' | 'danger' | 'quiet'
  readonly size?: 's' | 'm' | 'l'
  /** Shows that it is being done, and cannot be pressed again. */
  readonly busy?: boolean
}

export function Button({ look = 'plain', size = 'm', busy = false, ...props }: ButtonProps) {
  return (
    <button
      type="button"
      {...props}
      aria-busy={busy || undefined}
      disabled={busy || props.disabled}
      className={classes(styles.button, styles[look], styles[size], props.className)}
    />
  )
}

export interface IconButtonProps extends ComponentProps<'button'> {
  readonly icon: IconName
  /** What it does; also its tooltip. */
  readonly label: string
  readonly size?: 's' | 'm'
  readonly tone?: 'plain' | 'danger'
}

export function IconButton({ icon, label, size = 'm', tone, ...props }: IconButtonProps) {
  return (
    <button
      type="button"
      {...props}
      aria-label={label}
      title={label}
      className={classes(
        styles.icon,
        size === 's' && styles.iconSmall,
        tone === 'danger' && styles.iconDanger,
        props.className,
      )}
    >
      <Icon name={icon} size={size === 's' ? 16 : 20} />
    </button>
  )
}
