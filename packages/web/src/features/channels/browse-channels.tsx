/** Everything in a community that one could join. */
import type { MyChannel, MyCommunity } from '@madang/client'

import { useSession } from '@madang/client/react'
import { useState } from 'react'
import { useAnswer } from '../../answer.ts'
import { useText } from '../../i18n/language.tsx'
import { useClient, useServices } from '../../services.tsx'
import { Button } from '../../ui/button.tsx'
import { Empty } from '../../ui/empty.tsx'
import { Field } from '../../ui/field.tsx'
import { Icon } from '../../ui/icon.tsx'
import { ListCard, ListRow, Page } from '../../ui/page.tsx'
import { Spinner } from '../../ui/spinner.tsx'
import { fit } from '../shortcuts/switching.ts'
import { channelIcon, sectionsOf } from './channels.ts'
import { CreateChannel } from './create-channel.tsx'

/** So many are seen at a glance. */
const FILTER_FROM = 7

export interface BrowseChannelsProps {
  readonly community: MyCommunity
  readonly menu: React.ReactNode
}

export function BrowseChannels({ community, menu }: BrowseChannelsProps) {
  const { rest } = useServices()
  const text = useText()
  const session = useSession(useClient())
  const [creating, setCreating] = useState(false)
  const answer = useAnswer(
    rest,
    'listChannels',
    { params: { communityId: community.id } },
    session.channels.length,
  )
  const [typed, setTyped] = useState('')
  const { channels } = sectionsOf(answer.data?.channels ?? [], community.id)
  const found = channels.filter(({ name }) => fit(name, typed) !== undefined)
  return (
    <Page
      menu={menu}
      title={text.channels.browseTitle}
      lead={text.channels.browseLead(community.name)}
      action={
        <Button look="accent" onClick={() => setCreating(true)}>
          <Icon name="plus" size={18} />
          {text.channels.create}
        </Button>
      }
    >
      {answer.error && <p role="alert">{text.errors[answer.error.code]}</p>}
      {!answer.data && !answer.error && <Spinner label={text.common.loading} />}
      {answer.data && channels.length === 0 && (
        <Empty
          picture={<Icon name="hash" size={28} />}
          title={text.channels.pick}
          lead={text.channels.browseEmpty}
        />
      )}
      {channels.length > FILTER_FROM && (
        <Field
          label={text.channels.filter}
          type="search"
          value={typed}
          onChange={(event) => setTyped(event.target.value)}
        />
      )}
      {channels.length > 0 && found.length === 0 && <p>{text.channels.none}</p>}
      {found.length > 0 && (
        <ListCard>
          {found.map((channel) => (
            <ChannelRow
              key={channel.id}
              channel={channel}
              joined={session.channels.some(({ id, role }) => id === channel.id && role !== null)}
            />
          ))}
        </ListCard>
      )}
      {creating && (
        <CreateChannel
          communityId={community.id}
          onClose={() => setCreating(false)}
          onCreated={() => {}}
        />
      )}
    </Page>
  )
}

function ChannelRow({ channel, joined }: { channel: MyChannel; joined: boolean }) {
  const { router, refusal } = useServices()
  const client = useClient()
  const text = useText()
  const [busy, setBusy] = useState(false)
  const open = () =>
    router.go({ page: 'channel', communityId: channel.communityId, channelId: channel.id })
  const join = async () => {
    setBusy(true)
    const outcome = await client.joinChannel(channel.id)
    setBusy(false)
    if (outcome.ok) open()
    else refusal.set(outcome.error)
  }
  const watchable = joined || channel.kind === 'live'
  return (
    <ListRow
      picture={<Icon name={channelIcon(channel)} />}
      title={channel.name}
      lead={channel.topic || undefined}
      tag={joined ? text.channels.joined : undefined}
    >
      {watchable && (
        <Button size="s" onClick={open}>
          {text.common.open}
        </Button>
      )}
      {!joined && (
        <Button
          size="s"
          look="accent"
          busy={busy}
          onClick={() => {
            void join()
          }}
        >
          {text.common.join}
        </Button>
      )}
    </ListRow>
  )
}
