/** Who I am here, with the language, the appearance and the way out. */
import { useSession, useView } from '@madang/client/react'
import { useAnswer } from '../../answer.ts'
import { useText } from '../../i18n/language.tsx'
import { THEMES } from '../../preferences.ts'
import { OPS_PATH } from '../../routes.ts'
import { useClient, useMe, useServices } from '../../services.tsx'
import { Avatar } from '../../ui/avatar.tsx'
import { Choices } from '../../ui/choices.tsx'
import { Menu, MenuItem } from '../../ui/menu.tsx'
import styles from './account-menu.module.css'
import { LanguageSwitch } from './language-switch.tsx'

export function AccountMenu({ onHelp }: { onHelp(): void }) {
  const { gate, preferences, refusal } = useServices()
  const me = useMe()
  const { connection } = useSession(useClient())
  const text = useText()
  const { theme } = useView(preferences)
  const leave = async () => {
    const outcome = await gate.leave()
    if (!outcome.ok) refusal.set(outcome.error)
  }
  return (
    <Menu
      label={text.account.label(me.name)}
      place="right-end"
      buttonClass={styles.button}
      button={<Avatar id={me.id} name={me.name} online={connection.status === 'online'} />}
    >
      {(close) => (
        <>
          <p className={styles.who}>
            <span className={styles.name}>{me.name}</span>
            {me.kind === 'guest' && <span className={styles.kind}>{text.common.guest}</span>}
          </p>
          <div className={styles.setting}>
            <span className={styles.label}>{text.account.theme}</span>
            <Choices
              label={text.account.theme}
              size="s"
              options={THEMES.map((value) => ({ value, text: text.account.themes[value] }))}
              value={theme}
              onChange={(value) => preferences.change({ theme: value })}
            />
          </div>
          <div className={styles.setting}>
            <span className={styles.label}>{text.account.language}</span>
            <LanguageSwitch />
          </div>
          <hr className={styles.rule} />
          <OpsLink />
          <MenuItem
            icon="keyboard"
            text={text.shortcuts.title}
            onSelect={() => {
              close()
              onHelp()
            }}
          />
          <MenuItem
            icon="leave"
            text={text.signIn.signOut}
            onSelect={() => {
              void leave()
            }}
          />
        </>
      )}
    </Menu>
  )
}

/** For operators alone; whether one is, is asked when the menu opens. */
function OpsLink() {
  const { rest } = useServices()
  const text = useText()
  const { data } = useAnswer(rest, 'getSession', {})
  if (data?.operator !== true) return null
  return (
    <MenuItem
      icon="pulse"
      text={text.account.operations}
      onSelect={() => location.assign(OPS_PATH)}
    />
  )
}
