/** A worker that does what it is told and tells what it hears, over the channel that Node opens to the process that forked it. */
import { createIpcBroker } from '../brokers/ipc.ts'

/** What it is told. */
export type WorkerOrder =
  | { readonly do: 'subscribe'; readonly topic: string }
  | { readonly do: 'publish'; readonly topic: string; readonly text: string }
  | { readonly do: 'stop' }

/** What it says: that an order is carried out, or what came in. */
export type WorkerWord =
  | { readonly say: 'ready' | 'done' }
  | { readonly say: 'frame'; readonly topic: string; readonly text: string }

const tell = (word: WorkerWord): void => void process.send?.(word)

const broker = createIpcBroker()
await broker.start({
  onFrame: (topic, frame) => tell({ say: 'frame', topic, text: Buffer.from(frame).toString() }),
  onGap: () => {},
  onHealth: () => {},
})

async function obey(order: WorkerOrder): Promise<void> {
  if (order.do === 'subscribe') await broker.subscribe(order.topic)
  else if (order.do === 'publish') broker.publish(order.topic, Buffer.from(order.text))
  else await broker.stop()
  tell({ say: 'done' })
  if (order.do === 'stop') process.disconnect?.()
}

process.on('message', (order: WorkerOrder) => void obey(order))
tell({ say: 'ready' })
