/** One of a few, side by side: radio buttons that look like a switch. */
import { useId } from 'react'
import styles from './choices.module.css'

export interface ChoicesProps<T extends string> {
  readonly label: string
  readonly options: readonly { readonly value: T; readonly text: string }[]
  readonly value: T
  readonly size?: 's' | 'm'
  onChange(value: NoInfer<T>): void
}

export function Choices<T extends string>(props: ChoicesProps<T>) {
  const name = useId()
  return (
    <fieldset className={styles.choices} data-size={props.size ?? 'm'} aria-label={props.label}>
      {props.options.map(({ value, text }) => (
        <label key={value} className={styles.choice}>
          <input
            type="radio"
            className={styles.radio}
            name={name}
            value={value}
            checked={value === props.value}
            onChange={() => props.onChange(value)}
          />
          {text}
        </label>
      ))}
    </fieldset>
  )
}
