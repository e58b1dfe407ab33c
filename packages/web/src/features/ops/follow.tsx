/** Follows one person, channel or message through the cluster, step by step. */
import { useView } from '@madang/client/react'
import type { FollowTarget } from '@madang/protocol'
import { type FormEvent, useMemo, useState } from 'react'
import { Button } from '../../ui/button.tsx'
import { Choices } from '../../ui/choices.tsx'
import { Field } from '../../ui/field.tsx'
import styles from './follow.module.css'
import { JourneyView } from './journey-view.tsx'
import { journeysOf } from './journeys.ts'
import { Section } from './section.tsx'
import { useLive, useOpsText } from './use-ops.ts'

const KINDS = ['channelId', 'personId', 'messageId'] as const
type Kind = (typeof KINDS)[number]
const ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

function targetOf(kind: Kind, id: string): FollowTarget {
  if (kind === 'channelId') return { channelId: id }
  return kind === 'personId' ? { personId: id } : { messageId: id }
}

function readTarget(target: FollowTarget): { readonly kind: Kind; readonly id: string } {
  if ('channelId' in target) return { kind: 'channelId', id: target.channelId }
  if ('personId' in target) return { kind: 'personId', id: target.personId }
  return { kind: 'messageId', id: target.messageId }
}

export function Follow() {
  const live = useLive()
  const { target } = useView(live)
  const { follow: text } = useOpsText()
  const followed = target && readTarget(target)
  return (
    <Section title={text.title} lead={text.lead}>
      <FollowForm onFollow={(next) => live.follow(next)} />
      {followed && (
        <p className={styles.followed} role="status">
          <span>{text.following(text.targets[followed.kind], followed.id)}</span>
          <Button size="s" onClick={() => live.follow(undefined)}>
            {text.stop}
          </Button>
        </p>
      )}
      {followed && <Journeys single={followed.kind === 'messageId'} />}
    </Section>
  )
}

function FollowForm({ onFollow }: { onFollow(target: FollowTarget): void }) {
  const { follow: text } = useOpsText()
  const [kind, setKind] = useState<Kind>('channelId')
  const [id, setId] = useState('')
  const [wrong, setWrong] = useState(false)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const read = id.trim().toLowerCase()
    setWrong(!ID.test(read))
    if (ID.test(read)) onFollow(targetOf(kind, read))
  }
  return (
    <form className={styles.form} onSubmit={submit}>
      <Choices
        label={text.what}
        options={KINDS.map((value) => ({ value, text: text.targets[value] }))}
        value={kind}
        onChange={setKind}
      />
      <Field
        label={text.id}
        value={id}
        hint={text.hint}
        error={wrong ? text.wrong : undefined}
        spellCheck={false}
        autoComplete="off"
        onChange={({ target }) => setId(target.value)}
      />
      <Button type="submit" look="accent">
        {text.go}
      </Button>
    </form>
  )
}

function Journeys({ single }: { single: boolean }) {
  const { entries } = useView(useLive())
  const { follow: text } = useOpsText()
  const journeys = useMemo(() => journeysOf(entries), [entries])
  if (journeys.length === 0) return <p className={styles.none}>{text.nothing}</p>
  return (
    <ol className={styles.journeys}>
      {journeys.map((journey, at) => (
        <JourneyView key={journey.key} journey={journey} open={at === 0} single={single} />
      ))}
    </ol>
  )
}
