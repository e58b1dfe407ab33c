/** Puts the metrics of several workers on one page, in the text format of Prometheus: each sample says whose it is. Pure. */
import type { FleetFacts, WorkerPage } from './words.ts'

/** What only the primary knows: a worker has nothing to say of it. */
const OF_THE_HOST = /^madang_workers/

interface Metric {
  /** HELP and TYPE, as the first page has them. */
  readonly head: string[]
  readonly samples: string[]
}

export function mergePages(pages: readonly WorkerPage[], facts: FleetFacts): string {
  const metrics = new Map<string, Metric>()
  for (const { worker, body } of pages.toSorted((a, b) => a.worker - b.worker)) {
    addPage(metrics, body, worker)
  }
  addFleet(metrics, facts)
  const lines = [...metrics.values()].flatMap(({ head, samples }) => [...head, ...samples])
  return `${lines.join('\n')}\n`
}

/** A histogram's samples have names that are longer than its own, and stand below its head: so whatever follows a head belongs to it. */
function addPage(metrics: Map<string, Metric>, body: string, worker: number): void {
  let metric: Metric | undefined
  for (const line of body.split('\n')) {
    if (line === '') continue
    if (line.startsWith('# ')) {
      const [, word, name = ''] = line.split(' ', 3)
      metric = metrics.get(name)
      if (metric === undefined) {
        metric = { head: [], samples: [] }
        metrics.set(name, metric)
      }
      if (!metric.head.some((each) => each.startsWith(`# ${word} `))) metric.head.push(line)
    } else if (!OF_THE_HOST.test(line)) metric?.samples.push(labelled(line, worker))
  }
}

/** `name{a="b"} 1` and `name 1`: a label's value may hold any character, but the first brace or space ends the name. */
function labelled(sample: string, worker: number): string {
  const at = sample.search(/[{ ]/)
  const name = sample.slice(0, at)
  const rest = sample.slice(at)
  if (rest.startsWith('{}')) return `${name}{worker="${worker}"}${rest.slice(2)}`
  return rest.startsWith('{')
    ? `${name}{worker="${worker}",${rest.slice(1)}`
    : `${name}{worker="${worker}"}${rest}`
}

function addFleet(metrics: Map<string, Metric>, facts: FleetFacts): void {
  const states = ['wanted', 'starting', 'ready', 'leaving'] as const
  const add = (name: string, samples: string[]) => metrics.get(name)?.samples.push(...samples)
  add(
    'madang_workers',
    states.map((state) => `madang_workers{state="${state}"} ${facts[state]}`),
  )
  add('madang_workers_replaced_total', [`madang_workers_replaced_total ${facts.replaced}`])
}
