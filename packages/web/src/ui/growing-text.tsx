/** A field for several lines that grows with what is in it. */
import type { ComponentProps } from 'react'
import { classes } from './classes.ts'
import styles from './growing-text.module.css'

export interface GrowingTextProps
  extends Omit<ComponentProps<'textarea'>, 'value' | 'onChange' | 'rows'> {
  readonly label: string
  readonly value: string
  readonly bare?: boolean
  onChange(value: string): void
}

/** A copy of the text in the same grid cell makes the height, without a measurement. */
export function GrowingText({ label, value, bare, onChange, ...props }: GrowingTextProps) {
  return (
    <div className={classes(styles.frame, !bare && styles.framed)} data-value={value}>
      <textarea
        {...props}
        className={styles.input}
        aria-label={label}
        rows={1}
        value={value}
        onChange={(event) => onChange(event.target.value)}
      />
    </div>
  )
}
