/** Makes the parts that talk to the outside, and puts the app on the page. */
import type { Client, ErrorBody } from '@madang/client'
import { createTabClient } from '@madang/client/tabs'

import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { App } from './app.tsx'
import { DRAFTS } from './features/composer/drafts.ts'
import { createGate } from './features/sign-in/gate.ts'
import { createKeep } from './keep.ts'
import { makeClient } from './one-client.ts'
import { createPreferences } from './preferences.ts'
import { createRest } from './rest.ts'
import { createRouter } from './routes.ts'
import type { Services } from './services.tsx'
import './style/reset.css'
import './style/tokens.css'
import { createValue } from './value.ts'

/** One connection for all tabs; the address of this script names the build. */
function connectTabs(): Client {
  return createTabClient({
    build: import.meta.url,
    startWorker: (name) =>
      new SharedWorker(new URL('./worker.ts', import.meta.url), { type: 'module', name }),
    makeClient,
  })
}

function createServices(page: Window): Services {
  const keep = createKeep(() => page.localStorage)
  const wait = (ms: number) => new Promise<void>((resolve) => page.setTimeout(resolve, ms))
  const rest = createRest((input, init) => page.fetch(input, init), wait)
  const gate = createGate({
    rest,
    connect: connectTabs,
    forget: () => keep.clear(DRAFTS),
    wait,
  })
  return {
    rest,
    keep,
    gate,
    router: createRouter(page),
    preferences: createPreferences(keep, page.navigator.languages),
    refusal: createValue<ErrorBody | undefined>(undefined),
  }
}

const services = createServices(window)
const root = document.getElementById('root')
if (!root) throw new Error('index.html has no #root')
createRoot(root).render(
  <StrictMode>
    <App services={services} />
  </StrictMode>,
)
void services.gate.start()
