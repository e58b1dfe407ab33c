/** What the page shows: the door, or the courtyard behind it. */
import { useView } from '@madang/client/react'
import { lazy, Suspense, useEffect } from 'react'
import styles from './app.module.css'
import type { GateView } from './features/sign-in/gate.ts'
import { SignInPage } from './features/sign-in/sign-in-page.tsx'
import { LanguageProvider, useText } from './i18n/language.tsx'
import { isOps } from './routes.ts'
import { InsideContext, type Services, ServicesContext } from './services.tsx'
import { Shell } from './shell.tsx'
import { Mark } from './ui/mark.tsx'
import { Spinner } from './ui/spinner.tsx'

/** People who only chat do not load it. */
const OpsPage = lazy(() => import('./features/ops/ops-page.tsx'))

export function App({ services }: { services: Services }) {
  const { language, theme } = useView(services.preferences)
  useEffect(() => {
    document.documentElement.lang = language
    document.documentElement.dataset.theme = theme
  }, [language, theme])
  return (
    <ServicesContext value={services}>
      <LanguageProvider language={language}>
        <Entrance services={services} />
      </LanguageProvider>
    </ServicesContext>
  )
}

function Entrance({ services }: { services: Services }) {
  const gate = useView<GateView>(services.gate)
  switch (gate.at) {
    case 'asking':
      return <Splash failed={gate.failed} />
    case 'outside':
      return <SignInPage error={gate.error} />
    case 'inside':
      return (
        <InsideContext value={{ client: gate.client, me: gate.person }}>
          {isOps(location.pathname) ? (
            <Suspense fallback={<Splash failed={false} />}>
              <OpsPage />
            </Suspense>
          ) : (
            <Shell />
          )}
        </InsideContext>
      )
  }
}

function Splash({ failed }: { failed: boolean }) {
  const text = useText()
  return (
    <main className={styles.splash}>
      <Mark size={56} />
      <Spinner label={failed ? text.signIn.unreachable : text.signIn.waiting} />
    </main>
  )
}
