/** Asks all nodes at once for their operators' sake: the view of the whole, the way of what is followed, and the order to drain. Holds nothing while nobody asks. */
import {
  type ClusterView,
  check,
  type FollowTarget,
  NodeFigures,
  type SilentNode,
  Trace,
  type TraceEntry,
} from '@madang/protocol'
import type { z } from 'zod'
import type { Clock } from '../clock.ts'
import { DESK_PATHS, type NodeDesk } from './node-desk.ts'

export const CLUSTER_LIMITS = {
  /** An answer counts so long, in ms, however many operators look. */
  cachedMsMax: 900,
  /** Until a node has answered, in ms; it is silent after that. */
  answerMsMax: 1_500,
  /** Entries of all nodes together, the latest. */
  entriesMax: 5_000,
} as const

/** A node as the directory knows it. */
export interface KnownNode {
  readonly id: string
  readonly address: string
  readonly secret: string
  readonly seenAt: number
}

export interface ClusterParts {
  /** This node. */
  readonly node: string
  readonly desk: NodeDesk
  readonly clock: Clock
  /** All that are known, this one perhaps among them. Never rejects. */
  readonly nodes: () => Promise<readonly KnownNode[]>
  /** Posts to another node's back door; rejects where there is no answer in time, or none with status 200. */
  readonly ask: (node: KnownNode, path: string, body: string, withinMs: number) => Promise<string>
}

export class Cluster {
  readonly #parts: ClusterParts
  #view: { readonly atMs: number; readonly view: Promise<ClusterView> } | undefined

  constructor(parts: ClusterParts) {
    this.#parts = parts
  }

  /** Never rejects. */
  view(): Promise<ClusterView> {
    const nowMs = this.#parts.clock.monotonic()
    if (this.#view === undefined || nowMs - this.#view.atMs >= CLUSTER_LIMITS.cachedMsMax) {
      this.#view = { atMs: nowMs, view: this.#look() }
    }
    return this.#view.view
  }

  /** Never rejects: what a silent node saw is missing. */
  async follow(target: FollowTarget): Promise<Trace> {
    const { desk } = this.#parts
    const body = JSON.stringify(target)
    const theirs = (await this.#others()).map(async (node) => {
      const trace = await this.#ask(node, DESK_PATHS.follow, body, Trace).catch(() => undefined)
      return trace?.entries ?? []
    })
    const all = [desk.follow(target), ...(await Promise.all(theirs))].flat()
    return { entries: all.toSorted(inTime).slice(-CLUSTER_LIMITS.entriesMax) }
  }

  /** Whether the node took the order; undefined: no such node is known. */
  async drain(id: string): Promise<boolean | undefined> {
    const { node, desk, ask } = this.#parts
    if (id === node) {
      desk.drain()
      return true
    }
    const other = (await this.#others()).find((each) => each.id === id)
    if (other === undefined) return undefined
    return ask(other, DESK_PATHS.drain, '{}', CLUSTER_LIMITS.answerMsMax).then(
      () => true,
      () => false,
    )
  }

  async #look(): Promise<ClusterView> {
    const { clock, node, desk } = this.#parts
    const own = desk.figures()
    const others = await this.#others()
    const answers = await Promise.all(others.map((other) => this.#figuresOf(other)))
    const nodes = [await own, ...answers.flatMap((answer) => ('at' in answer ? answer : []))]
    return {
      ...{ at: clock.now(), by: node },
      nodes: nodes.toSorted((a, b) => (a.id < b.id ? -1 : 1)),
      silent: answers.flatMap((answer) => ('at' in answer ? [] : answer)),
    }
  }

  async #figuresOf(node: KnownNode): Promise<NodeFigures | SilentNode> {
    try {
      return await this.#ask(node, DESK_PATHS.figures, '{}', NodeFigures)
    } catch (error) {
      const why = error instanceof Error ? error.message : 'no answer'
      return { id: node.id, phase: 'silent', seenAt: node.seenAt, why: why.slice(0, 200) }
    }
  }

  async #others(): Promise<readonly KnownNode[]> {
    const { nodes, node } = this.#parts
    return (await nodes()).filter(({ id }) => id !== node)
  }

  async #ask<T>(node: KnownNode, path: string, body: string, schema: z.ZodType<T>): Promise<T> {
    const text = await this.#parts.ask(node, path, body, CLUSTER_LIMITS.answerMsMax)
    const answer = check(schema, JSON.parse(text))
    if (!answer.success) throw new Error('an answer of another version')
    return answer.data
  }
}

const inTime = (a: TraceEntry, b: TraceEntry): number =>
  a.at - b.at || (a.node < b.node ? -1 : a.node > b.node ? 1 : a.id - b.id)
