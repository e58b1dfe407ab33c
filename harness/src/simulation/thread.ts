/** One thread of a crew: runs the seeds that it is handed. */
import { parentPort, workerData } from 'node:worker_threads'
import type { Orders } from './crew.ts'
import { partsOf } from './parts.ts'
import { type Range, runRange } from './range.ts'

// Refusals are errors, and thousands of them need no stack; a seed that breaks a promise is told by another thread.
Error.stackTraceLimit = 0
const { mutant }: Orders = workerData
const parts = partsOf(mutant)
parentPort?.on('message', async (range: Range) => {
  parentPort?.postMessage(await runRange(range, await parts))
})
