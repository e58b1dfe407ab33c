/** A page with a title and lists of things to choose from. */
import type { ReactNode } from 'react'
import styles from './page.module.css'

export interface PageProps {
  readonly menu: ReactNode
  readonly title: string
  readonly lead: string
  readonly action?: ReactNode
  readonly children: ReactNode
}

export function Page({ menu, title, lead, action, children }: PageProps) {
  return (
    <main className={styles.page}>
      <div className={styles.menu}>{menu}</div>
      <div className={styles.column}>
        <header className={styles.header}>
          <div className={styles.words}>
            <h1 className={styles.title}>{title}</h1>
            <p className={styles.lead}>{lead}</p>
          </div>
          {action}
        </header>
        {children}
      </div>
    </main>
  )
}

export function ListCard({ title, children }: { title?: string; children: ReactNode }) {
  const list = <ul className={styles.card}>{children}</ul>
  if (title === undefined) return list
  return (
    <section className={styles.section} aria-label={title}>
      <h2 className={styles.sectionTitle}>{title}</h2>
      {list}
    </section>
  )
}

export interface ListRowProps {
  readonly picture: ReactNode
  readonly title: string
  readonly lead?: string | undefined
  readonly tag?: string | undefined
  readonly children: ReactNode
}

export function ListRow({ picture, title, lead, tag, children }: ListRowProps) {
  return (
    <li className={styles.row}>
      <span className={styles.picture}>{picture}</span>
      <div className={styles.rowWords}>
        <p className={styles.rowTitle}>
          {title}
          {tag !== undefined && <span className={styles.tag}>{tag}</span>}
        </p>
        {lead !== undefined && <p className={styles.rowLead}>{lead}</p>}
      </div>
      <div className={styles.rowActions}>{children}</div>
    </li>
  )
}
