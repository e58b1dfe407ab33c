/** In a live channel: that it is a question, and how far it is, or a notice. */
import type { TimelineMessage } from '@madang/client'
import { useText } from '../../i18n/language.tsx'
import styles from './lane-tag.module.css'

export function LaneTag({ item }: { item: TimelineMessage }) {
  const text = useText()
  if (item.lane === 'chat') return null
  const state = item.lane === 'question' ? (item.question ?? 'open') : undefined
  return (
    <span className={styles.tag} data-lane={item.lane} data-question={state}>
      {text.timeline.lanes[item.lane]}
      {state && ` · ${text.timeline.questions[state]}`}
    </span>
  )
}
