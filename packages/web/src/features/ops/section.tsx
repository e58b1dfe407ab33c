/** A part of the operator's page: its title, what can be chosen of it, and what is in it. */
import { type ReactNode, useId } from 'react'
import styles from './section.module.css'

export interface SectionProps {
  readonly title: string
  readonly lead?: string
  readonly tools?: ReactNode
  readonly children: ReactNode
}

export function Section({ title, lead, tools, children }: SectionProps) {
  const id = useId()
  return (
    <section className={styles.section} aria-labelledby={id}>
      <header className={styles.head}>
        <div>
          <h2 className={styles.title} id={id}>
            {title}
          </h2>
          {lead !== undefined && <p className={styles.lead}>{lead}</p>}
        </div>
        {tools}
      </header>
      {children}
    </section>
  )
}

export interface TableProps {
  readonly caption: string
  readonly head: readonly string[]
  readonly rows: readonly {
    readonly key: string
    readonly cells: readonly ReactNode[]
  }[]
  /** Columns from here on are figures. */
  readonly figuresFrom?: number
}

/** Scrolls by itself where it is wider than its place: by touch, and by keyboard too. */
export function Table({ caption, head, rows, figuresFrom = 1 }: TableProps) {
  const figure = (at: number) => (at >= figuresFrom ? styles.number : undefined)
  return (
    // biome-ignore lint/a11y/useSemanticElements: a group of fields it is not.
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls can be reached by keyboard.
    <div className={styles.scroll} role="group" aria-label={caption} tabIndex={0}>
      <table className={styles.table}>
        <caption className="visually-hidden">{caption}</caption>
        <thead>
          <tr>
            {head.map((name, at) => (
              <th key={name} scope="col" className={figure(at)}>
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ key, cells }) => (
            <tr key={key}>
              {cells.map((cell, at) =>
                at === 0 ? (
                  <th key={head[at]} scope="row">
                    {cell}
                  </th>
                ) : (
                  <td key={head[at]} className={figure(at)}>
                    {cell}
                  </td>
                ),
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
