/** A labelled line of input, with a hint and what is wrong with it. */
import { type ComponentProps, useId } from 'react'
import styles from './field.module.css'

export interface FieldProps extends Omit<ComponentProps<'input'>, 'id'> {
  readonly label: string
  readonly hint?: string | undefined
  readonly error?: string | undefined
}

export function Field({ label, hint, error, ...props }: FieldProps) {
  const id = useId()
  const below = error ?? hint
  return (
    <div className={styles.field}>
      <label className={styles.label} htmlFor={id}>
        {label}
      </label>
      <input
        {...props}
        id={id}
        className={styles.input}
        aria-invalid={error !== undefined}
        aria-describedby={below === undefined ? undefined : `${id}-below`}
      />
      {below !== undefined && (
        <p className={styles.below} data-error={error !== undefined} id={`${id}-below`}>
          {below}
        </p>
      )}
    </div>
  )
}

/** What a whole form failed with. */
export function FormError({ text }: { text: string | undefined }) {
  return (
    <p className={styles.formError} role="alert" hidden={text === undefined}>
      {text}
    </p>
  )
}
