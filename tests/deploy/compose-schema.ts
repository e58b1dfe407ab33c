// The part of the Compose specification that our files use, and not a key more: a misspelt one is refused.
import { z } from 'zod'

const Duration = z.string().regex(/^(\d+m)?(\d+s)?$/)
const Words = z.array(z.string())

export const HealthCheck = z.strictObject({
  test: z.tuple([z.literal('CMD')], z.string()),
  interval: Duration,
  timeout: Duration,
  retries: z.int(),
  start_period: Duration.optional(),
})

const Update = z.strictObject({
  parallelism: z.int(),
  order: z.enum(['start-first', 'stop-first']),
  delay: Duration.optional(),
  monitor: Duration.optional(),
  failure_action: z.enum(['pause', 'continue', 'rollback']).optional(),
})

const Amount = z.strictObject({ cpus: z.string().optional(), memory: z.string().optional() })

export const Deploy = z.strictObject({
  mode: z.enum(['global', 'replicated']).optional(),
  replicas: z.int().optional(),
  update_config: Update,
  rollback_config: Update.optional(),
  restart_policy: z.strictObject({
    condition: z.enum(['none', 'on-failure', 'any']),
    delay: Duration,
    max_attempts: z.int().optional(),
  }),
  placement: z
    .strictObject({
      max_replicas_per_node: z.int().optional(),
      preferences: z.array(z.strictObject({ spread: z.string() })).optional(),
    })
    .optional(),
  resources: z.strictObject({ reservations: Amount.optional(), limits: Amount.optional() }),
})

export const Service = z.strictObject({
  image: z.string(),
  build: z.strictObject({ context: z.string(), dockerfile: z.string() }).optional(),
  restart: z.enum(['unless-stopped', 'on-failure']).optional(),
  stop_grace_period: Duration.optional(),
  stop_signal: z.string().optional(),
  read_only: z.boolean().optional(),
  cap_drop: Words.optional(),
  security_opt: Words.optional(),
  tmpfs: Words.optional(),
  ulimits: z.strictObject({ nofile: z.int() }).optional(),
  shm_size: z.string().optional(),
  logging: z
    .strictObject({ driver: z.string(), options: z.record(z.string(), z.string()) })
    .optional(),
  environment: z.record(z.string(), z.string()).optional(),
  entrypoint: Words.optional(),
  command: Words.optional(),
  ports: z
    .array(
      z.union([
        z.string(),
        z.strictObject({ target: z.int(), published: z.int(), mode: z.enum(['host', 'ingress']) }),
      ]),
    )
    .optional(),
  volumes: Words.optional(),
  networks: z
    .union([
      Words,
      z.record(
        z.string(),
        z.strictObject({ aliases: Words.optional(), ipv4_address: z.ipv4().optional() }),
      ),
    ])
    .optional(),
  configs: z.array(z.strictObject({ source: z.string(), target: z.string() })).optional(),
  secrets: z
    .array(
      z.strictObject({
        source: z.string(),
        target: z.string(),
        uid: z.string(),
        gid: z.string(),
        mode: z.int(),
      }),
    )
    .optional(),
  depends_on: z
    .record(
      z.string(),
      z.strictObject({ condition: z.enum(['service_started', 'service_healthy']) }),
    )
    .optional(),
  healthcheck: HealthCheck.optional(),
  deploy: Deploy.optional(),
})
export type Service = z.output<typeof Service>

const Network = z.strictObject({
  driver: z.string().optional(),
  driver_opts: z.record(z.string(), z.string()).optional(),
  ipam: z.strictObject({ config: z.array(z.strictObject({ subnet: z.string() })) }).optional(),
})

/** Keys that begin with `x-` hold what is shared within the file. */
export const ComposeFile = z
  .object({
    name: z.string().optional(),
    services: z.record(z.string(), Service),
    volumes: z.record(z.string(), z.null()).optional(),
    networks: z.record(z.string(), Network).optional(),
    configs: z.record(z.string(), z.strictObject({ file: z.string() })).optional(),
    secrets: z.record(z.string(), z.strictObject({ external: z.literal(true) })).optional(),
  })
  .catchall(z.unknown())
  .refine(
    (file) =>
      Object.keys(file).every((key) =>
        /^(x-.*|name|services|volumes|networks|configs|secrets)$/.test(key),
      ),
    'has a key at the top that nothing reads',
  )
export type ComposeFile = z.output<typeof ComposeFile>
