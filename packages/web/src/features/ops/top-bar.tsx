/** Above everything: what this is, how fresh it is, and how it is shown. */
import { useView } from '@madang/client/react'
import type { ReactNode } from 'react'
import { useText } from '../../i18n/language.tsx'
import { THEMES } from '../../preferences.ts'
import { useServices } from '../../services.tsx'
import { Choices } from '../../ui/choices.tsx'
import { Mark } from '../../ui/mark.tsx'
import { LanguageSwitch } from '../sign-in/language-switch.tsx'
import styles from './ops-page.module.css'
import { useOpsText } from './use-ops.ts'

export function TopBar({ children }: { children?: ReactNode }) {
  const text = useOpsText()
  const { account } = useText()
  const { preferences } = useServices()
  const { theme } = useView(preferences)
  return (
    <header className={styles.bar}>
      <span className={styles.mark}>
        <Mark size={28} />
      </span>
      <h1 className={styles.title}>{text.title}</h1>
      {children}
      <div className={styles.settings}>
        <Choices
          label={account.theme}
          size="s"
          options={THEMES.map((value) => ({ value, text: account.themes[value] }))}
          value={theme}
          onChange={(value) => preferences.change({ theme: value })}
        />
        <LanguageSwitch />
        <a href="/">{text.back}</a>
      </div>
    </header>
  )
}
