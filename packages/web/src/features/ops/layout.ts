/** Where everything stands in the picture of the cluster. Pure; units are those of the drawing. */

export interface Box {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

/** How much of a node there is room for: its name and state; its traffic too; all of it. */
export type Detail = 'line' | 'two' | 'full'

export interface Wires {
  readonly proxy: string
  readonly broker: string
  readonly store: string
}

/** Where what a node's lines carry is written: on the side that they turn away from. */
export interface Texts {
  readonly x: number
  readonly brokerY: number
  readonly storeY: number
}

export interface Layout {
  readonly width: number
  readonly height: number
  readonly people: Box
  readonly proxy: Box
  readonly broker: Box
  readonly store: Box
  /** From the people to the proxy. */
  readonly entry: string
  readonly nodes: readonly (Box & {
    readonly wires: Wires
    /** Absent where there is no room. */
    readonly texts?: Texts
  })[]
  readonly detail: Detail
}

interface Rows {
  readonly height: number
  readonly gap: number
  readonly detail: Detail
}

/** The more nodes, the less of each. */
function rowsFor(count: number, most: 'wide' | 'narrow'): Rows {
  if (count <= 4) return { height: 100, gap: most === 'wide' ? 22 : 18, detail: 'full' }
  if (count <= 9) return { height: 62, gap: 14, detail: 'two' }
  return { height: 34, gap: 8, detail: 'line' }
}

const middle = ({ y, height }: Box): number => y + height / 2
const right = ({ x, width }: Box): number => x + width

/** A line that leaves and arrives level. */
function curve(fromX: number, fromY: number, toX: number, toY: number): string {
  const half = (fromX + toX) / 2
  return `M${fromX} ${fromY}C${half} ${fromY} ${half} ${toY} ${toX} ${toY}`
}

const boxesHeightMin = 296

/** From left to right: people, proxy, nodes, and what they share. */
export function wideLayout(count: number): Layout {
  const { height, gap, detail } = rowsFor(count, 'wide')
  const stack = count * height + Math.max(0, count - 1) * gap
  const total = Math.max(stack, boxesHeightMin)
  const top = (total - stack) / 2
  const center = total / 2
  const people = { x: 2, y: center - 52, width: 148, height: 104 }
  const proxy = { x: 238, y: center - 52, width: 148, height: 104 }
  const apart = Math.min(total / 4, 150)
  const shared = { x: 1008, width: 190, height: 122 }
  const broker = { ...shared, y: center - apart - 61 }
  const store = { ...shared, y: center + apart - 61 }
  const nodes = Array.from({ length: count }, (_, at) => {
    const box = { x: 492, y: top + at * (height + gap), width: 312, height }
    const spread = Math.min(22, height / 4)
    const [brokerY, storeY] = [spreadOver(broker, at, count), spreadOver(store, at, count)]
    const texts = {
      x: right(box) + 14,
      brokerY: besides(middle(box) - spread, brokerY),
      storeY: besides(middle(box) + spread, storeY),
    }
    const wires = {
      proxy: curve(right(proxy), spreadOver(proxy, at, count), box.x, middle(box)),
      broker: curve(right(box), middle(box) - spread, broker.x, brokerY),
      store: curve(right(box), middle(box) + spread, store.x, storeY),
    }
    return detail === 'full' ? { ...box, wires, texts } : { ...box, wires }
  })
  const entry = `M${right(people)} ${center}H${proxy.x}`
  return { width: 1_200, height: total, people, proxy, broker, store, entry, nodes, detail }
}

/** The foot of a text beside a line that begins level and then turns up or down. */
function besides(fromY: number, toY: number): number {
  return toY > fromY ? fromY - 10 : fromY + 18
}

/** Lines do not all end in one point of a box's side. */
function spreadOver(box: Box, at: number, count: number): number {
  const used = box.height * 0.6
  return middle(box) + (count <= 1 ? 0 : (at / (count - 1) - 0.5) * used)
}

const NARROW = { width: 360, nodeX: 36, nodeWidth: 256, left: 14, brokerLane: 310, storeLane: 332 }
const turn = 8

/** From top to bottom; the lines run down the sides. */
export function narrowLayout(count: number): Layout {
  const { height, gap, detail } = rowsFor(count, 'narrow')
  const people = { x: 2, y: 1, width: 128, height: 104 }
  const proxy = { x: 200, y: 1, width: 158, height: 104 }
  const top = 105 + 46
  const bottom = top + count * height + Math.max(0, count - 1) * gap
  const broker = { x: 2, y: bottom + 46, width: 168, height: 122 }
  const store = { x: 190, y: bottom + 46, width: 168, height: 122 }
  const from = { x: proxy.x + 40, y: proxy.y + proxy.height, level: top - 22 }
  const nodes = Array.from({ length: count }, (_, at) => {
    const box = { x: NARROW.nodeX, y: top + at * (height + gap), width: NARROW.nodeWidth, height }
    const y = middle(box)
    const end = right(box)
    const spread = Math.min(12, height / 4)
    const wires = {
      proxy:
        `M${from.x} ${from.y}V${from.level - turn}q0 ${turn} ${-turn} ${turn}H${NARROW.left + turn}` +
        `q${-turn} 0 ${-turn} ${turn}V${y - turn}q0 ${turn} ${turn} ${turn}H${box.x}`,
      broker:
        `M${end} ${y - spread}H${NARROW.brokerLane - turn}q${turn} 0 ${turn} ${turn}` +
        `V${bottom + 22 - turn}q0 ${turn} ${-turn} ${turn}H${86 + turn}q${-turn} 0 ${-turn} ${turn}V${broker.y}`,
      store: `M${end} ${y + spread}H${NARROW.storeLane - turn}q${turn} 0 ${turn} ${turn}V${store.y}`,
    }
    return { ...box, wires }
  })
  const entry = `M${right(people)} ${middle(people)}H${proxy.x}`
  const total = broker.y + broker.height + 1
  return { width: NARROW.width, height: total, people, proxy, broker, store, entry, nodes, detail }
}
