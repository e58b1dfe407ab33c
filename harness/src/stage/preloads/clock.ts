/** A wall clock that can be set wrong while the node runs: its order is by how many ms. What is monotonic stays right, as in a machine whose clock is set. */
import { orderOf } from './order-file.ts'

const LOOK_MS = 50

const Right = Date
const rightNow = Date.now.bind(Date)
let wrongByMs = 0
const now = (): number => rightNow() + wrongByMs

Right.now = now
globalThis.Date = new Proxy(Right, {
  construct: (target, values, made) =>
    Reflect.construct(target, values.length === 0 ? [now()] : values, made),
  apply: () => new Right(now()).toString(),
})

setInterval(() => {
  wrongByMs = Number(orderOf('clock'))
}, LOOK_MS).unref()
