/** A primary in a process of its own: `node ipc-primary-process.ts <path> <queueBytesMax>`. Says 'ready', then answers every message with its numbers. */
import { serveIpc } from '../ipc/primary.ts'

const [, , path, queueBytesMax] = process.argv
if (path === undefined) throw new Error('no path was given')
const server = await serveIpc({
  path,
  frameBytesMax: 1_048_576,
  queueBytesMax: Number(queueBytesMax),
})
process.on('message', () => process.send?.(server.stats()))
process.on('disconnect', () => process.exit())
process.send?.('ready')
