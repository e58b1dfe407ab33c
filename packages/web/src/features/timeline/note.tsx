/** What happened in the channel beside the messages: who came and went. */
import type { TimelineNote } from '@madang/client'
import type { Catalogue } from '../../i18n/en.ts'
import { useDates, useText } from '../../i18n/language.tsx'
import styles from './note.module.css'

/** Of a crowd so many are named. */
const NAMED_MAX = 3

export function Note({ told }: { told: readonly TimelineNote[] }) {
  const text = useText()
  const dates = useDates()
  const event = told.at(-1)?.event
  if (!event) return null
  return (
    <p className={styles.note}>
      <span>{noteText(event, told, text)}</span>
      <time
        className={styles.time}
        dateTime={dates.machine(event.createdAt)}
        title={dates.full(event.createdAt)}
      >
        {dates.time(event.createdAt)}
      </time>
    </p>
  )
}

function noteText(
  event: TimelineNote['event'],
  told: readonly TimelineNote[],
  text: Catalogue,
): string {
  const notes = text.timeline.notes
  const by = event.author.name
  switch (event.kind) {
    case 'joined':
    case 'left': {
      const names = told.flatMap((note) => ('subject' in note.event ? note.event.subject.name : []))
      const different = [...new Set(names)]
      return notes[event.kind](different.slice(0, NAMED_MAX), different.length - NAMED_MAX)
    }
    case 'renamed':
      return notes.renamed(by, event.name)
    case 'role':
      return notes.role(event.subject.name, by, text.members.roles[event.role])
    default:
      return notes[event.kind](event.subject.name, by)
  }
}
