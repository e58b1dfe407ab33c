/** Who is typing. It always keeps its place, so that nothing moves when somebody begins. */
import type { Author } from '@madang/client'

import { useText } from '../../i18n/language.tsx'
import { useMe } from '../../services.tsx'
import styles from './typing-line.module.css'

export function TypingLine({ people }: { people: readonly Author[] }) {
  const me = useMe()
  const text = useText()
  const names = people.filter((person) => person.id !== me.id).map((person) => person.name)
  return (
    <p className={styles.line} data-testid="typing">
      {names.length > 0 && (
        <>
          <span className={styles.dots} aria-hidden="true">
            <i />
            <i />
            <i />
          </span>
          <span className={styles.names}>{text.timeline.typing(names)}</span>
        </>
      )}
    </p>
  )
}
