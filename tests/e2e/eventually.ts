// Waits for something to become true, and says what it was like when it did not.

const PATIENCE_MS = 45_000
const LOOK_EVERY_MS = 40

/** Repeats `look` until it throws nothing, and resolves to what it returned; rejects with what it threw last. */
export async function eventually<T>(look: () => T | Promise<T>, ms = PATIENCE_MS): Promise<T> {
  const deadline = performance.now() + ms
  for (;;) {
    try {
      return await look()
    } catch (error) {
      if (performance.now() > deadline) throw error
      await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS))
    }
  }
}
