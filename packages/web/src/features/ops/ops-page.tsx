/** The operator's page: the whole cluster, live; and who may not see it is told what is missing. */
import { openSocket } from '@madang/client'
import { useView } from '@madang/client/react'
import { useEffect, useState } from 'react'
import { useAnswer } from '../../answer.ts'
import { useDates, useText } from '../../i18n/language.tsx'
import { useServices } from '../../services.tsx'
import { Spinner } from '../../ui/spinner.tsx'
import { Charts } from './charts.tsx'
import { Denied } from './denied.tsx'
import { Follow } from './follow.tsx'
import { Health } from './health.tsx'
import { createLive } from './live.ts'
import { Badge, NodeCards } from './node-cards.tsx'
import styles from './ops-page.module.css'
import { Picture } from './picture.tsx'
import { Section } from './section.tsx'
import { TopBar } from './top-bar.tsx'
import { TotalsStrip } from './totals.tsx'
import { LiveContext, useLive, useOpsText } from './use-ops.ts'

export default function OpsPage() {
  const { rest } = useServices()
  const text = useOpsText()
  const { data, error, reload } = useAnswer(rest, 'getSession', {})
  useEffect(() => {
    document.title = `${text.title} · Madang`
  }, [text])
  if (data?.operator === true) return <Cluster />
  if (data === undefined) {
    return (
      <main className={styles.waiting}>
        <Spinner label={error ? text.unreachable : text.loading} />
      </main>
    )
  }
  return <Denied person={data.person} onLook={reload} />
}

function every(ms: number, act: () => void): () => void {
  const timer = setInterval(act, ms)
  return () => clearInterval(timer)
}

function Cluster() {
  const { rest } = useServices()
  const [live] = useState(() =>
    createLive({
      ...{ open: openSocket, rest, every },
      now: () => performance.now(),
      random: Math.random,
    }),
  )
  useEffect(() => {
    live.start()
    return () => live.stop()
  }, [live])
  return (
    <LiveContext value={live}>
      <div className={styles.page}>
        <TopBar>
          <Freshness />
        </TopBar>
        <main className={styles.main}>
          <Body />
        </main>
      </div>
    </LiveContext>
  )
}

function Freshness() {
  const { mode, view } = useView(useLive())
  const text = useOpsText()
  const dates = useDates()
  return (
    <div className={styles.fresh}>
      <span role="status" aria-label={text.modesLabel}>
        <Badge phase={mode} text={text.modes[mode]} />
      </span>
      {view && <span className={styles.by}>{text.by(view.by, dates.seconds(view.at))}</span>}
    </div>
  )
}

function Body() {
  const state = useView(useLive())
  const text = useOpsText()
  const { errors } = useText()
  const { view, error } = state
  if (view === undefined) {
    return (
      <p className={styles.waiting}>
        <Spinner label={error ? text.unreachable : text.loading} />
      </p>
    )
  }
  return (
    <>
      {error && (
        <p className={styles.trouble} role="alert">
          {errors[error.code]}
        </p>
      )}
      <TotalsStrip />
      <Section title={text.picture.title} lead={text.picture.lead}>
        <Picture state={state} />
      </Section>
      <NodeCards />
      <Follow />
      <Charts />
      <Health />
    </>
  )
}
