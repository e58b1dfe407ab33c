import { test } from 'node:test'
import { need } from '../../../../tests/services/part.ts'
import { redis } from '../../../../tests/services/redis.ts'
import { statsOnly } from '../store/cases/stats.case.ts'
import { redisStats } from './redis-stats.ts'

const server = await need(redis)

for (const [title, run] of Object.entries(statsOnly)) {
  test(`Redis keeps counts: ${title}`, { skip: server.skip }, async (t) => {
    const running = await redis.start()
    t.after(() => running.stop())
    const target = await redisStats({ url: running.url, prefix: 'test' }).open()
    t.after(() => target.close())
    await run(target)
  })
}
