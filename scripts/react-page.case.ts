/** The page on which the hooks are tried: what it does is said in its hash, what happened is in `window`. */
export const REACT_PAGE = `
import { StrictMode, startTransition, useEffect, useLayoutEffect, useState } from 'react'
import { createRoot } from 'react-dom/client'
import { createClient } from '@madang/client'
import { useChannel, useSession } from '@madang/client/react'

const [mode, id] = location.hash.slice(1).split(':')
const show = (view) => createRoot(document.getElementById('root')).render(<StrictMode>{view}</StrictMode>)
const client = mode === 'readme' ? undefined : createClient({ guestName: 'Visitor' })
client?.start()
window.seen = { torn: [], commits: 0, transitions: 0, total: 0 }
window.balance = { opened: 0, closed: 0 }

function Hall() {
  const { channels } = useSession(client)
  return channels[0] ? <p data-hall={channels[0].id} /> : null
}

/** Takes its time, so that React goes on with other work in the middle of drawing many of them. */
function Count() {
  const total = useChannel(client, id)?.view.items.length ?? -1
  const end = performance.now() + 4
  while (performance.now() < end) {}
  useLayoutEffect(() => {
    const shown = [...document.querySelectorAll('i')].map((one) => one.textContent)
    window.seen.commits += 1
    window.seen.total = Math.max(window.seen.total, total)
    if (new Set(shown).size > 1) window.seen.torn.push(shown.join())
  })
  return <i>{total}</i>
}

function Together() {
  const [, redraw] = useState(0)
  const channel = useChannel(client, id)
  const loaded = channel?.view.loaded === true
  useEffect(() => {
    const timer = setInterval(() => startTransition(() => {
      window.seen.transitions += 1
      redraw((count) => count + 1)
    }), 20)
    return () => clearInterval(timer)
  }, [])
  useEffect(() => {
    if (!loaded) return
    let said = 0
    const timer = setInterval(() => {
      said += 1
      if (said <= 15) channel.handle.send('message ' + said)
    }, 30)
    return () => clearInterval(timer)
  }, [loaded])
  return Array.from({ length: 12 }, (_, index) => <Count key={index} />)
}

/** A client that counts. */
const counting = client && {
  ...client,
  session: client.session,
  open(channelId) {
    window.balance.opened += 1
    const handle = client.open(channelId)
    return { ...handle, close: () => { window.balance.closed += 1; handle.close() } }
  },
}

function Opened() {
  const channel = useChannel(counting, id)
  return channel?.view.loaded ? <p>shown</p> : null
}

function Removable() {
  const [isShown, setShown] = useState(true)
  return <>{isShown && <Opened />}<button type="button" onClick={() => setShown(false)}>take away</button></>
}

if (mode === 'hall') show(<Hall />)
if (mode === 'together') show(<Together />)
if (mode === 'opened') show(<Removable />)
if (mode === 'readme') {
  const { Channel } = await import('./channel')
  show(<Channel id={id} />)
}
`
