/** What somebody sees who is no operator: what is missing, and how it is had. */
import type { Person } from '@madang/client'
import { useState } from 'react'
import { useText } from '../../i18n/language.tsx'
import { Button } from '../../ui/button.tsx'
import { Empty } from '../../ui/empty.tsx'
import { Icon } from '../../ui/icon.tsx'
import styles from './ops-page.module.css'
import { TopBar } from './top-bar.tsx'
import { useOpsText } from './use-ops.ts'

export function Denied({ person, onLook }: { person: Person; onLook(): void }) {
  const { denied } = useOpsText()
  const { common } = useText()
  const [copied, setCopied] = useState(false)
  const command = `npm run madang -- operator add ${person.id}`
  const copy = async () => {
    await navigator.clipboard.writeText(command)
    setCopied(true)
  }
  return (
    <div className={styles.page}>
      <TopBar />
      <main className={styles.denied}>
        <Empty
          picture={<Icon name="shield" size={28} />}
          title={denied.title}
          lead={denied.lead(person.name)}
        >
          <div className={styles.how}>
            <code className={styles.command}>{command}</code>
            <p className={styles.by}>{denied.first}</p>
            <p className={styles.buttons}>
              <Button
                onClick={() => {
                  copy().catch(() => setCopied(false))
                }}
              >
                {copied ? common.copied : denied.copy}
              </Button>
              <Button look="accent" onClick={onLook}>
                {denied.again}
              </Button>
            </p>
          </div>
        </Empty>
      </main>
    </div>
  )
}
