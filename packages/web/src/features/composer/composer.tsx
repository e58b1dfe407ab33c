/** Where one writes. Enter sends, Shift+Enter begins a line, and a half-composed syllable is never sent. */
import type { ChannelHandle, Lane, MyChannel } from '@madang/client'

import { type KeyboardEvent, type RefObject, useEffect, useRef, useState } from 'react'
import { useText } from '../../i18n/language.tsx'
import { useServices } from '../../services.tsx'
import { Choices } from '../../ui/choices.tsx'
import { GrowingText } from '../../ui/growing-text.tsx'
import { Icon } from '../../ui/icon.tsx'
import styles from './composer.module.css'
import { readDraft, writeDraft } from './drafts.ts'
import { keyAction } from './keys.ts'
import { lanesOf } from './lanes.ts'
import { room, sendable } from './sendable.ts'

export interface ComposerProps {
  readonly channel: MyChannel
  readonly name: string
  readonly handle: ChannelHandle
  /** Nothing else on the page is being written in. */
  readonly active: boolean
  onSent(): void
  onEditLast(): void
}

export function Composer({ channel, name, handle, active, onSent, onEditLast }: ComposerProps) {
  const text = useText()
  const [draft, setDraft] = useDraft(channel.id)
  const [lane, setLane] = useState<Lane>('chat')
  const input = useRef<HTMLTextAreaElement>(null)
  const words = text.composer[channel.kind === 'direct' ? 'toPerson' : 'toChannel'](name)
  const lanes = lanesOf(channel)
  const ready = sendable(draft)
  useFocus(input, active)

  const change = (next: string) => {
    setDraft(next)
    if (next.trim() !== '') handle.typing()
  }
  const send = () => {
    if (ready === undefined) return
    handle.send(ready, lanes.length > 1 ? lane : undefined)
    setDraft('')
    onSent()
  }
  const onKeyDown = (event: KeyboardEvent) => {
    const action = keyAction(event.nativeEvent)
    if (action === 'send') send()
    else if (action === 'editLast' && draft === '') onEditLast()
    else return
    event.preventDefault()
  }
  return (
    <form
      className={styles.composer}
      onSubmit={(event) => {
        event.preventDefault()
        send()
        input.current?.focus()
      }}
    >
      {lanes.length > 1 && <LaneChoice lanes={lanes} lane={lane} onChange={setLane} />}
      <div className={styles.box}>
        <GrowingText
          ref={input}
          id="composer"
          bare
          label={words}
          placeholder={words}
          title={text.composer.hint}
          enterKeyHint="send"
          value={draft}
          onChange={change}
          onKeyDown={onKeyDown}
        />
        <Room left={room(draft)} />
        <button
          type="submit"
          className={styles.send}
          aria-label={text.composer.send}
          title={text.composer.send}
          disabled={ready === undefined}
        >
          <Icon name="send" />
        </button>
      </div>
    </form>
  )
}

function useDraft(channelId: string): readonly [string, (next: string) => void] {
  const { keep } = useServices()
  const [draft, setDraft] = useState(() => readDraft(keep, channelId))
  const change = (next: string) => {
    setDraft(next)
    writeDraft(keep, channelId, next)
  }
  return [draft, change]
}

/** What is open over the page keeps the focus that it has. */
const HOLDERS = 'dialog, [data-holds-focus]'

/** On a phone the keyboard would cover the messages that one came to read. */
function useFocus(input: RefObject<HTMLTextAreaElement | null>, active: boolean): void {
  useEffect(() => {
    const isHeld = document.activeElement?.closest(HOLDERS) instanceof Element
    if (active && !isHeld && matchMedia('(pointer: fine)').matches) input.current?.focus()
  }, [input, active])
}

interface LaneChoiceProps {
  readonly lanes: readonly Lane[]
  readonly lane: Lane
  onChange(lane: Lane): void
}

function LaneChoice({ lanes, lane, onChange }: LaneChoiceProps) {
  const text = useText()
  return (
    <div className={styles.lanes}>
      <Choices
        label={text.composer.lane}
        size="s"
        options={lanes.map((value) => ({ value, text: text.timeline.lanes[value] }))}
        value={lane}
        onChange={onChange}
      />
    </div>
  )
}

function Room({ left }: { left: number | undefined }) {
  const text = useText()
  if (left === undefined) return null
  return (
    <output className={styles.room} data-over={left < 0}>
      {left < 0 ? text.composer.tooLong(-left) : text.composer.left(left)}
    </output>
  )
}
