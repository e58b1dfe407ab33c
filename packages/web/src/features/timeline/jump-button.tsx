/** The way back to the latest message, with how many came meanwhile. */
import { useText } from '../../i18n/language.tsx'
import { Icon } from '../../ui/icon.tsx'
import styles from './jump-button.module.css'

export function JumpButton({ count, onJump }: { count: number; onJump(): void }) {
  const text = useText()
  return (
    <button type="button" className={styles.jump} data-new={count > 0} onClick={onJump}>
      <Icon name="down" size={16} />
      {count > 0 ? text.timeline.latestCount(count) : text.timeline.latest}
    </button>
  )
}
