import { storeCases } from '../store.case.ts'
import { createMemoryStore } from './memory-store.ts'

storeCases({
  name: 'memory',
  newStore: async () => ({ store: createMemoryStore(), remove: async () => {} }),
})
