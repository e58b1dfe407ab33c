import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { createSqliteStore } from '../sqlite.ts'
import { StoreError } from '../store.ts'
import { Ground, outcomeOf } from '../testing/ground.ts'

async function withDir(run: (dir: string) => Promise<void>): Promise<void> {
  const dir = await mkdtemp(join(tmpdir(), 'madang-durability-'))
  try {
    await run(dir)
  } finally {
    await rm(dir, { recursive: true, force: true })
  }
}

/** A started store with one person in one channel. */
async function withChannel(file: string) {
  const store = createSqliteStore({ file })
  await store.start()
  const ground = new Ground(store)
  const ann = await ground.person('ann')
  const { id } = await ground.channel(await ground.community(ann), [ann])
  return { store, ground, ann, channelId: id }
}

const refusedWith = (code: string, text: RegExp) => (error: unknown) =>
  error instanceof StoreError && error.code === code && text.test(error.message)

/** Runs the appending process for a while, kills it, and gives what it had been told. */
async function appendUntilKilled(file: string, channelId: string, authorId: string) {
  const program = fileURLToPath(new URL('../testing/appending-process.ts', import.meta.url))
  const child = spawn(process.execPath, [program, file, channelId, authorId], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let printed = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    printed += text
    // In the middle of the work, at no particular place.
    if (printed.length > 20_000) child.kill('SIGKILL')
  })
  await once(child, 'close')
  return printed
    .split('\n')
    .slice(0, -1)
    .map((line) => line.split(' ') as [string, string])
}

test('ten times kill -9 in the middle of appending: everything acknowledged is there, once and dense', () =>
  withDir(async (dir) => {
    const file = join(dir, 'madang.db')
    const { store, ann, channelId } = await withChannel(file)
    await store.stop()
    const acknowledged: [string, string][] = []
    for (let kill = 0; kill < 10; kill += 1)
      acknowledged.push(...(await appendUntilKilled(file, channelId, ann.id)))
    assert.ok(acknowledged.length > 1_000)
    const again = createSqliteStore({ file })
    await again.start()
    const log = await new Ground(again).log(channelId)
    await again.stop()
    assert.deepEqual(
      log.map(({ seq }) => seq),
      log.map((_, index) => index + 1),
    )
    for (const [seq, clientId] of acknowledged) {
      const event = log[Number(seq) - 1]
      assert.ok(event?.kind === 'created' && event.clientId === clientId, `seq ${seq}`)
    }
    const db = new DatabaseSync(file)
    assert.deepEqual({ ...db.prepare('pragma integrity_check').get() }, { integrity_check: 'ok' })
    db.close()
  }))

test('a retry after a restart gets the first answer', () =>
  withDir(async (dir) => {
    const file = join(dir, 'madang.db')
    const { store, ground, ann, channelId } = await withChannel(file)
    await store.append([ground.message(channelId, ann, 'hello', 'once')])
    await store.stop()
    const again = createSqliteStore({ file })
    await again.start()
    const retry = new Ground(again).message(channelId, ann, 'hello', 'once')
    const [result] = await again.append([{ ...retry, id: ground.ids.next() }])
    assert.ok(result?.outcome === 'repeated' && result.event?.seq === 2)
    await again.stop()
  }))

test('a full disk refuses what does not fit, keeps what was acknowledged, and takes more when there is room', () =>
  withDir(async (dir) => {
    const file = join(dir, 'madang.db')
    const { store, ground, ann, channelId } = await withChannel(file)
    await store.stop()
    const full = createSqliteStore({ file, pagesMax: 120 })
    await full.start()
    const texts = Array.from({ length: 300 }, () => 'x'.repeat(4_000))
    const sends = texts.map((text) => full.append([ground.message(channelId, ann, text)]))
    const settled = await Promise.allSettled(sends)
    // What comes one by one after the large batch may still fit, until nothing does.
    let kept = settled.filter(({ status }) => status === 'fulfilled').length
    for (;;) {
      try {
        await full.append([ground.message(channelId, ann, 'x'.repeat(4_000))])
        kept += 1
      } catch (error) {
        assert.ok(refusedWith('unavailable', /full/)(error), String(error))
        break
      }
    }
    await full.stop()
    const roomy = createSqliteStore({ file })
    await roomy.start()
    assert.equal((await new Ground(roomy).log(channelId)).length, 1 + kept)
    const [more] = await roomy.append([{ ...ground.message(channelId, ann, 'more') }])
    assert.equal(outcomeOf(more), 'appended')
    await roomy.stop()
  }))

test('a file that another process holds is busy, and serves again when it is let go', () =>
  withDir(async (dir) => {
    const file = join(dir, 'madang.db')
    const first = await withChannel(file)
    await first.store.stop()
    const store = createSqliteStore({ file, busyTimeoutMs: 50 })
    await store.start()
    const other = new DatabaseSync(file)
    other.exec('begin exclusive')
    const { ground, ann, channelId } = first
    await assert.rejects(
      store.append([ground.message(channelId, ann, 'x')]),
      refusedWith('busy', /[Aa]nother process|locked/),
    )
    other.exec('rollback')
    other.close()
    const [result] = await store.append([ground.message(channelId, ann, 'x')])
    assert.equal(outcomeOf(result), 'appended')
    await store.stop()
  }))

test('who waits for another process does not hold up its own: appends and other writes go through when it is let go', () =>
  withDir(async (dir) => {
    const file = join(dir, 'madang.db')
    const first = await withChannel(file)
    await first.store.stop()
    const store = createSqliteStore({ file, busyTimeoutMs: 60_000 })
    await store.start()
    const other = new DatabaseSync(file)
    other.exec('begin immediate')
    const { ground, ann, channelId } = first
    const appended = store.append([ground.message(channelId, ann, 'x')])
    const node = { id: 'n', address: 'a:1', secret: 's', seenAt: 1 }
    const announced = store.announceNode(node, 0)
    // Only an event loop that goes on comes to let go.
    for (let turns = 0; turns < 20; turns++) await new Promise((resolve) => setTimeout(resolve, 1))
    other.exec('rollback')
    other.close()
    assert.equal(outcomeOf((await appended)[0]), 'appended')
    await announced
    assert.deepEqual(await store.nodes(), [node])
    await store.stop()
  }))

test('what is not ours to open is refused in one line that says why', () =>
  withDir(async (dir) => {
    const file = join(dir, 'letter.txt')
    await writeFile(file, 'This is no database, and long enough to be sure of it. '.repeat(100))
    const nowhere = createSqliteStore({ file: dir })
    await assert.rejects(nowhere.start(), refusedWith('unavailable', /cannot be opened/))
    const wrong = createSqliteStore({ file })
    await assert.rejects(wrong.start(), refusedWith('unavailable', /not a database/))
    assert.match(await readFile(file, 'utf8'), /^This is no database/)
  }))

test('a database of a newer version is left alone', () =>
  withDir(async (dir) => {
    const file = join(dir, 'madang.db')
    const { store } = await withChannel(file)
    await store.stop()
    const db = new DatabaseSync(file)
    db.exec(`insert into kysely_migration (name, timestamp) values ('9999-future', '')`)
    db.close()
    const old = createSqliteStore({ file })
    await assert.rejects(old.start(), refusedWith('unavailable', /newer schema \(9999-future\)/))
  }))

test('a deleted text is not in the file either', () =>
  withDir(async (dir) => {
    const file = join(dir, 'madang.db')
    const { store, ground, ann, channelId } = await withChannel(file)
    const target = await ground.say(channelId, ann, 'canary-one '.repeat(50))
    await ground.append(channelId, ann, { kind: 'edited', target, text: 'canary-two' }, 'author')
    await ground.append(channelId, ann, { kind: 'deleted', target }, 'author')
    // Closing the last connection moves the write-ahead log into the file and removes it.
    await store.stop()
    assert.equal((await readFile(file)).includes('canary'), false)
    await assert.rejects(readFile(`${file}-wal`))
  }))
