/** Says that something is under way, in words for those who cannot see it turn. */
import styles from './spinner.module.css'

export function Spinner({ label }: { label: string }) {
  return (
    <span className={styles.spinner} role="status">
      <span className={styles.wheel} />
      <span className={styles.label}>{label}</span>
    </span>
  )
}
