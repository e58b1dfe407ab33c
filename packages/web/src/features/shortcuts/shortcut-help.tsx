/** All that the keyboard can do, in one list. */
import { useText } from '../../i18n/language.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import styles from './shortcut-help.module.css'
import { type Described, isMac, KEYS } from './shortcuts.ts'

const GROUPS = {
  places: ['switcher', 'next', 'previous', 'nextUnread', 'previousUnread', 'members'],
  writing: ['send', 'newLine', 'editLast'],
  messages: [
    'intoMessages',
    'throughMessages',
    'editMessage',
    'deleteMessage',
    'backToComposer',
    'help',
  ],
} as const satisfies Record<string, readonly Described[]>

const ORDER = ['places', 'writing', 'messages'] as const

export function ShortcutHelp({ onClose }: { onClose(): void }) {
  const text = useText()
  const keys = KEYS(isMac(navigator.platform))
  return (
    <Dialog title={text.shortcuts.title} closeLabel={text.common.close} onClose={onClose}>
      {ORDER.map((group) => (
        <section key={group} aria-label={text.shortcuts.groups[group]}>
          <h3 className={styles.title}>{text.shortcuts.groups[group]}</h3>
          <dl className={styles.list}>
            {GROUPS[group].map((name) => (
              <div key={name} className={styles.row}>
                <dt>{text.shortcuts.does[name]}</dt>
                <dd className={styles.keys}>
                  {keys[name].map((key) => (
                    <kbd key={key} className={styles.key}>
                      {key}
                    </kbd>
                  ))}
                </dd>
              </div>
            ))}
          </dl>
        </section>
      ))}
    </Dialog>
  )
}
