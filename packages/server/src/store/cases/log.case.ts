/** What every store does with a log: order, once, effects, pages. */
import assert from 'node:assert/strict'
import type { LogEvent } from '@madang/protocol'
import { StoreError } from '../store.ts'
import type { Cases } from '../testing/ground.ts'
import { type Ground, outcomeOf, seqOf } from '../testing/ground.ts'

async function talk(ground: Ground) {
  const [ann, bob] = [await ground.person('ann'), await ground.person('bob')]
  const communityId = await ground.community(ann, bob)
  const channel = await ground.channel(communityId, [ann, bob])
  return { ann, bob, communityId, channelId: channel.id }
}

const texts = (events: readonly LogEvent[]) =>
  events.flatMap((event) => (event.kind === 'created' ? [event.text] : []))
const seqs = (events: readonly LogEvent[]) => events.map(({ seq }) => seq)

export const logCases: Cases = {
  async 'seqs are dense and in the order of the answers'(ground) {
    const { ann, channelId } = await talk(ground)
    for (const text of ['one', 'two', 'three']) await ground.say(channelId, ann, text)
    const log = await ground.log(channelId)
    assert.deepEqual(seqs(log), [1, 2, 3, 4, 5])
    assert.deepEqual(texts(log), ['one', 'two', 'three'])
  },

  async 'appends of many callers at once are each there once, dense, and each caller in order'(
    ground,
  ) {
    const { ann, bob, communityId } = await talk(ground)
    const channels = [
      (await ground.channel(communityId, [ann, bob])).id,
      (await ground.channel(communityId, [ann, bob])).id,
    ]
    const caller = async (number: number) => {
      const seen: number[] = []
      for (let i = 0; i < 10; i += 1) {
        const channelId = channels[number % 2] ?? ''
        const batch = [0, 1, 2].map((part) =>
          ground.message(channelId, ann, `${number}.${i}.${part}`),
        )
        seen.push(...(await ground.store.append(batch)).map(seqOf))
      }
      assert.deepEqual(
        seen,
        seen.toSorted((a, b) => a - b),
      )
    }
    await Promise.all(Array.from({ length: 20 }, (_, number) => caller(number)))
    for (const channelId of channels) {
      const log = await ground.log(channelId)
      assert.deepEqual(
        seqs(log),
        Array.from({ length: 302 }, (_, i) => i + 1),
      )
      assert.equal(new Set(texts(log)).size, 300)
    }
  },

  async 'a retry gets the first answer, and nothing is appended'(ground) {
    const { ann, bob, channelId } = await talk(ground)
    const first = ground.message(channelId, ann, 'hello', 'once')
    const again = () => ground.message(channelId, ann, 'hello', 'once')
    const results = (
      await Promise.all(
        [[first], [again(), again()], [again()]].map((batch) => ground.store.append(batch)),
      )
    ).flat()
    assert.deepEqual(results.map(outcomeOf).toSorted(), [
      'appended',
      'repeated',
      'repeated',
      'repeated',
    ])
    for (const result of results) {
      assert.ok(result.outcome !== 'refused' && result.event !== null)
      assert.equal(result.event.id, first.id)
      assert.equal(result.event.seq, 3)
    }
    const [others] = await ground.store.append([ground.message(channelId, bob, 'hello', 'once')])
    assert.equal(seqOf(others), 4, 'a client id belongs to its author')
  },

  async 'a client id that stands for something else is a conflict'(ground) {
    const { ann, communityId, channelId } = await talk(ground)
    const other = await ground.channel(communityId, [ann])
    const target = await ground.say(channelId, ann, 'x')
    await ground.store.append([ground.message(channelId, ann, 'a', 'taken')])
    const [elsewhere] = await ground.store.append([ground.message(other.id, ann, 'a', 'taken')])
    assert.equal(outcomeOf(elsewhere), 'conflict')
    const edit = { kind: 'edited', target, text: 'y', clientId: 'taken' } as const
    assert.equal(outcomeOf(await ground.append(channelId, ann, edit, 'author')), 'conflict')
  },

  async 'a refused or repeated entry leaves no hole and does not hinder the others of its batch'(
    ground,
  ) {
    const { ann, bob, channelId } = await talk(ground)
    const stranger = await ground.person('eve')
    const results = await ground.store.append([
      ground.message(channelId, ann, 'one', 'a'),
      ground.message(channelId, stranger, 'no'),
      ground.message(ground.ids.next(), ann, 'nowhere'),
      ground.message(channelId, ann, 'one', 'a'),
      ground.message(channelId, bob, 'two'),
    ])
    assert.deepEqual(results.map(outcomeOf), [
      'appended',
      'not_member',
      'not_found',
      'repeated',
      'appended',
    ])
    assert.deepEqual(seqs(await ground.log(channelId)), [1, 2, 3, 4])
  },

  async 'later entries of a batch see what earlier ones did'(ground) {
    const { ann, bob, channelId } = await talk(ground)
    const kick = ground.entry(channelId, ann, { kind: 'kicked', subject: bob }, 'moderator')
    const results = await ground.store.append([
      ground.message(channelId, bob, 'before'),
      kick,
      ground.message(channelId, bob, 'after'),
      ground.entry(channelId, bob, { kind: 'joined', subject: bob, role: 'member' }, 'community'),
      ground.message(channelId, bob, 'again'),
    ])
    assert.deepEqual(results.map(outcomeOf), [
      'appended',
      'appended',
      'not_member',
      'appended',
      'appended',
    ])
  },

  async 'an edit changes the message and says so by its rev'(ground) {
    const { ann, channelId } = await talk(ground)
    const target = await ground.say(channelId, ann, 'frist')
    const edit = { kind: 'edited', target, text: 'first' } as const
    const rev = seqOf(await ground.append(channelId, ann, edit, 'author'))
    const again = await ground.append(channelId, ann, edit, 'author')
    assert.ok(again.outcome === 'repeated' && again.event?.seq === rev)
    const [created, edited] = await ground.log(channelId, target - 1)
    assert.ok(created?.kind === 'created' && created.text === 'first' && created.rev === rev)
    assert.ok(created.editedAt !== undefined)
    assert.ok(edited?.kind === 'edited' && edited.text === 'first' && edited.target === target)
    const missing = { kind: 'edited', target: 999, text: 'x' } as const
    assert.equal(outcomeOf(await ground.append(channelId, ann, missing, 'author')), 'not_found')
    const noMessage = { kind: 'edited', target: 1, text: 'x' } as const
    assert.equal(
      outcomeOf(await ground.append(channelId, ann, noMessage, 'moderator')),
      'not_found',
    )
  },

  async 'a deleted text is nowhere to be read, not in its edits either'(ground) {
    const { ann, bob, channelId } = await talk(ground)
    const target = await ground.say(channelId, bob, 'secret one')
    await ground.append(channelId, bob, { kind: 'edited', target, text: 'secret two' }, 'author')
    const gone = { kind: 'deleted', target } as const
    const rev = seqOf(await ground.append(channelId, ann, gone, 'author'))
    const again = await ground.append(channelId, bob, gone, 'author')
    assert.ok(
      again.outcome === 'repeated' && again.event?.seq === rev && again.event.kind === 'deleted',
    )
    const history = await ground.store.history({ channelId, limit: 50 })
    const everything = JSON.stringify([await ground.log(channelId), history])
    assert.ok(!everything.includes('secret'), everything)
    const [created] = await ground.log(channelId, target - 1)
    assert.ok(created?.kind === 'created' && created.text === null && created.rev === rev)
    const late = { kind: 'edited', target, text: 'back' } as const
    assert.equal(outcomeOf(await ground.append(channelId, bob, late, 'author')), 'message_deleted')
    assert.equal((await ground.store.channel(channelId))?.messages, 0)
  },

  async 'a question moves on, and only a question does'(ground) {
    const { ann, communityId } = await talk(ground)
    const { id } = await ground.channel(communityId, [ann], { kind: 'live' })
    const ask = { kind: 'created', clientId: 'q', lane: 'question', text: 'why?' } as const
    const target = seqOf(await ground.append(id, ann, ask))
    const picked = { kind: 'question', target, state: 'picked' } as const
    assert.equal(outcomeOf(await ground.append(id, ann, picked, 'moderator')), 'appended')
    assert.equal(outcomeOf(await ground.append(id, ann, picked, 'moderator')), 'repeated')
    const [created] = await ground.log(id, target - 1)
    assert.ok(created?.kind === 'created' && created.question === 'picked')
    const chat = await ground.say(id, ann, 'not a question')
    const wrong = { kind: 'question', target: chat, state: 'picked' } as const
    assert.equal(outcomeOf(await ground.append(id, ann, wrong, 'moderator')), 'not_found')
  },

  async 'a rename is kept with the channel'(ground) {
    const { ann, channelId } = await talk(ground)
    const entry = { kind: 'renamed', name: 'new', topic: 'news' } as const
    assert.equal(outcomeOf(await ground.append(channelId, ann, entry, 'moderator')), 'appended')
    assert.equal(outcomeOf(await ground.append(channelId, ann, entry, 'moderator')), 'repeated')
    const channel = await ground.store.channel(channelId)
    assert.deepEqual([channel?.name, channel?.topic], ['new', 'news'])
  },

  async 'any text comes back as it was'(ground) {
    const { ann, channelId } = await talk(ground)
    const odd = [
      `'; drop table events; --`,
      '안녕 👋🏽 "마당"',
      '\u202eabc',
      'a\r\n\tb',
      '\\x00 %s $1 ?',
      'x'.repeat(4_000),
    ]
    const results = await ground.store.append(
      odd.map((text) => ground.message(channelId, ann, text)),
    )
    assert.deepEqual(
      results.map(outcomeOf),
      odd.map(() => 'appended'),
    )
    assert.deepEqual(texts(await ground.log(channelId)), odd)
  },

  async 'a text that not every database keeps is refused, and the others of its batch are not'(
    ground,
  ) {
    const { ann, communityId, channelId } = await talk(ground)
    const results = await ground.store.append([
      ground.message(channelId, ann, 'before'),
      ground.message(channelId, ann, 'a\u0000b'),
      ground.message(channelId, ann, 'a\ud800'),
      ground.message(channelId, ann, 'after'),
    ])
    assert.deepEqual(results.map(outcomeOf), ['appended', 'invalid', 'invalid', 'appended'])
    assert.deepEqual(texts(await ground.log(channelId)), ['before', 'after'])
    const invalid = (error: unknown) => error instanceof StoreError && error.code === 'invalid'
    await assert.rejects(ground.person('a\u0000b'), invalid)
    await assert.rejects(ground.channel(communityId, [ann], { name: 'a\udc00' }), invalid)
  },

  async 'events of many channels are read at once, each from its own place'(ground) {
    const { ann, communityId } = await talk(ground)
    const ids: string[] = []
    for (let i = 0; i < 5; i += 1) ids.push((await ground.channel(communityId, [ann])).id)
    for (const [i, id] of ids.entries())
      for (let n = 0; n < 3; n += 1) await ground.say(id, ann, `${i}${n}`)
    const requests = ids.map((channelId, i) => ({ channelId, after: i, limit: 2 }))
    const pages = await ground.store.eventsAfter([
      ...requests,
      { channelId: ground.ids.next(), after: 0, limit: 9 },
    ])
    assert.deepEqual(
      pages.map((page) => [seqs(page.events), page.head]),
      [
        [[1, 2], 4],
        [[2, 3], 4],
        [[3, 4], 4],
        [[4], 4],
        [[], 4],
        [[], 0],
      ],
    )
    const twice = await ground.store.eventsAfter([
      { channelId: ids[0] ?? '', after: 0, limit: 1 },
      { channelId: ids[0] ?? '', after: 2, limit: 1 },
    ])
    assert.deepEqual(
      twice.map((page) => seqs(page.events)),
      [[1], [3]],
    )
    assert.deepEqual(
      [...(await ground.store.heads([ids[0] ?? '', ground.ids.next()]))],
      [[ids[0], 4]],
    )
  },

  async 'history pages in both directions, folded, and says whether there is more'(ground) {
    const { ann, channelId } = await talk(ground)
    for (let n = 1; n <= 6; n += 1) await ground.say(channelId, ann, `${n}`)
    await ground.append(channelId, ann, { kind: 'edited', target: 4, text: 'two' }, 'author')
    const page = async (request: { before?: number; after?: number }, limit: number) => {
      const { events, head, more } = await ground.store.history({ channelId, limit, ...request })
      return [seqs(events), head, more]
    }
    assert.deepEqual(await page({}, 3), [[6, 7, 8], 9, true])
    assert.deepEqual(await page({ before: 6 }, 3), [[3, 4, 5], 9, true])
    assert.deepEqual(await page({ before: 3 }, 3), [[1, 2], 9, false])
    assert.deepEqual(await page({ after: 0 }, 3), [[1, 2, 3], 9, true])
    assert.deepEqual(await page({ after: 6 }, 3), [[7, 8], 9, false])
    assert.deepEqual(await page({ before: 3 }, 2), [[1, 2], 9, false])
    const { events } = await ground.store.history({ channelId, before: 5, limit: 1 })
    assert.deepEqual(texts(events), ['two'])
  },
}
