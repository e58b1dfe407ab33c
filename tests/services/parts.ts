// Every real part that some test needs.
import { chromium } from './chromium.ts'
import { nats } from './nats.ts'
import { nginx } from './nginx.ts'
import type { Part } from './part.ts'
import { postgres } from './postgres.ts'
import { redis } from './redis.ts'

export const PARTS: readonly Part[] = [chromium, redis, nats, postgres, nginx]
