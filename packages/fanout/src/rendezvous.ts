/** Rendezvous (highest random weight) hashing: which of several named places a topic belongs to. */

/**
 * Every node must place every topic alike, in every release: these numbers are part of the wire. 32-bit FNV-1a over UTF-16 code units, each
 * topic and each name hashed once, the pair mixed by the finalizer of MurmurHash3 (both public domain).
 */
export function hashOf(text: string): number {
  let hash = 0x811c9dc5
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i)
    hash = Math.imul(hash ^ (unit & 0xff), 0x01000193)
    hash = Math.imul(hash ^ (unit >>> 8), 0x01000193)
  }
  return mixed(hash)
}

function mixed(hash: number): number {
  let bits = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35)
  return (bits ^ (bits >>> 16)) >>> 0
}

/**
 * A function from topic to the place with the highest weight for it. The order of `places` means nothing; names are unique. A place that comes takes its
 * share from all the others, one that goes leaves its share to all of them, and nothing else moves. Costs one pass over the topic and one mix per place.
 */
export function rendezvous<Place extends { readonly name: string }>(
  places: readonly [Place, ...Place[]],
): (topic: string) => Place {
  const ranked = [...places].sort((a, b) => (a.name < b.name ? -1 : 1))
  const seeds = ranked.map((place) => hashOf(place.name))
  return (topic) => {
    const hash = hashOf(topic)
    let best = places[0]
    let bestWeight = -1
    for (const [i, place] of ranked.entries()) {
      const weight = mixed(hash ^ Math.imul(seeds[i] ?? 0, 0x9e3779b1))
      if (weight <= bestWeight) continue
      best = place
      bestWeight = weight
    }
    return best
  }
}
