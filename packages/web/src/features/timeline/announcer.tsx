/** The log that screen readers follow. It is apart from the list, which is virtual and would be read anew with every scroll. */
import type { ChannelView } from '@madang/client'
import { useEffect, useState } from 'react'
import { useText } from '../../i18n/language.tsx'
import { useMe } from '../../services.tsx'
import { announce, NOTHING_ANNOUNCED } from './announcements.ts'

export function Announcer({ view }: { view: ChannelView }) {
  const me = useMe()
  const text = useText()
  const [announced, setAnnounced] = useState(NOTHING_ANNOUNCED)
  useEffect(() => {
    setAnnounced((before) => announce(before, view.items, view.loaded, me.id))
  }, [view.items, view.loaded, me.id])
  return (
    <div className="visually-hidden" role="log" aria-live="polite" aria-label={text.timeline.log}>
      {announced.texts.map((each) => (
        <p key={each.key}>{text.timeline.announce(each.name, each.text)}</p>
      ))}
    </div>
  )
}
