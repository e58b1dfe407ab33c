/** The outline of a conversation that is still on its way, so that nothing jumps when it comes. */
import styles from './skeleton.module.css'

/** How many lines each message seems to have. */
const MESSAGES = [2, 1, 3, 1, 2] as const

export function Skeleton({ label }: { label: string }) {
  return (
    <div className={styles.skeleton} role="status">
      <span className="visually-hidden">{label}</span>
      {MESSAGES.map((lines, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: they are all alike, and never move.
        <div key={at} className={styles.message} data-lines={lines} aria-hidden="true">
          <i className={styles.picture} />
          <i className={styles.name} />
          <i className={styles.line} />
          {lines > 1 && <i className={styles.line} />}
          {lines > 2 && <i className={styles.line} />}
        </div>
      ))}
    </div>
  )
}
