/** Goes to any channel of any community by a few letters of its name. */
import type { MyChannel } from '@madang/client'

import { useSession } from '@madang/client/react'
import { type KeyboardEvent, useEffect, useId, useRef, useState } from 'react'
import { useText } from '../../i18n/language.tsx'
import { useClient, useServices } from '../../services.tsx'
import { Avatar } from '../../ui/avatar.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Icon } from '../../ui/icon.tsx'
import { badge, channelIcon, channelName, unreadOf } from '../channels/channels.ts'
import styles from './switcher.module.css'
import { findChannels } from './switching.ts'

export function Switcher({ onClose }: { onClose(): void }) {
  const { router } = useServices()
  const text = useText()
  const { channels } = useSession(useClient())
  const [typed, setTyped] = useState('')
  const [at, setAt] = useState(0)
  const id = useId()
  const found = findChannels(channels, typed, text.channels.directNobody)
  const chosen = Math.min(at, found.length - 1)
  const go = (channel: MyChannel | undefined) => {
    if (!channel) return
    onClose()
    router.go({ page: 'channel', communityId: channel.communityId, channelId: channel.id })
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return
    if (event.key === 'ArrowDown') setAt(found.length === 0 ? 0 : (chosen + 1) % found.length)
    else if (event.key === 'ArrowUp') setAt((chosen - 1 + found.length) % (found.length || 1))
    else if (event.key === 'Enter') go(found[chosen])
    else return
    event.preventDefault()
  }
  return (
    <Dialog title={text.switcher.title} closeLabel={text.common.close} onClose={onClose}>
      <div className={styles.search}>
        <Icon name="search" size={18} />
        <input
          className={styles.input}
          role="combobox"
          aria-label={text.switcher.label}
          aria-expanded={found.length > 0}
          aria-controls={`${id}-list`}
          aria-activedescendant={found.length > 0 ? `${id}-${chosen}` : undefined}
          aria-autocomplete="list"
          placeholder={text.switcher.label}
          autoComplete="off"
          spellCheck={false}
          value={typed}
          onChange={(event) => {
            setTyped(event.target.value)
            setAt(0)
          }}
          onKeyDown={onKeyDown}
        />
      </div>
      {found.length === 0 && <p className={styles.none}>{text.switcher.none}</p>}
      <div
        className={styles.list}
        role="listbox"
        id={`${id}-list`}
        aria-label={text.switcher.title}
      >
        {found.map((channel, index) => (
          <Choice
            key={channel.id}
            id={`${id}-${index}`}
            channel={channel}
            chosen={index === chosen}
            onChoose={() => go(channel)}
          />
        ))}
      </div>
    </Dialog>
  )
}

interface ChoiceProps {
  readonly id: string
  readonly channel: MyChannel
  readonly chosen: boolean
  onChoose(): void
}

function Choice({ id, channel, chosen, onChoose }: ChoiceProps) {
  const text = useText()
  const { communities } = useSession(useClient())
  const name = channelName(channel, text.channels.directNobody)
  const unread = unreadOf(channel)
  const row = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (chosen) row.current?.scrollIntoView({ block: 'nearest' })
  }, [chosen])
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are the field's.
    <div
      ref={row}
      id={id}
      className={styles.choice}
      role="option"
      tabIndex={-1}
      aria-selected={chosen}
      onClick={onChoose}
    >
      {channel.kind === 'direct' ? (
        <Avatar id={channel.peers?.[0]?.id ?? channel.id} name={name} size="s" />
      ) : (
        <Icon name={channelIcon(channel)} size={18} />
      )}
      <span className={styles.name}>{name}</span>
      {unread > 0 && <span className={styles.unread}>{badge(unread)}</span>}
      <span className={styles.place}>
        {communities.find(({ id: own }) => own === channel.communityId)?.name}
      </span>
    </div>
  )
}
