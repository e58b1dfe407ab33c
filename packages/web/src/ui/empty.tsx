/** What stands where there is nothing yet: a picture, a sentence, and what to do about it. */
import type { ReactNode } from 'react'
import styles from './empty.module.css'

export interface EmptyProps {
  readonly picture: ReactNode
  /** The picture is one of its own, and stands on no tile. */
  readonly bare?: boolean
  readonly title: string
  readonly lead?: string | undefined
  readonly children?: ReactNode
}

export function Empty({ picture, bare = false, title, lead, children }: EmptyProps) {
  return (
    <div className={styles.empty}>
      <div className={styles.picture} data-bare={bare || undefined}>
        {picture}
      </div>
      <h2 className={styles.title}>{title}</h2>
      {lead !== undefined && <p className={styles.lead}>{lead}</p>}
      {children !== undefined && <div className={styles.actions}>{children}</div>}
    </div>
  )
}
